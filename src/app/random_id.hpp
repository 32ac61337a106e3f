// Ids that nobody can guess, from the system's generator. Any thread.
#pragma once

#include <string>

namespace videochat::app {

/// 20 characters of URL-safe base64 (RFC 4648 section 5): 120 random bits, the form of a Socket.IO
/// id. Throws std::system_error if the system gives no randomness.
std::string random_id();

}  // namespace videochat::app
