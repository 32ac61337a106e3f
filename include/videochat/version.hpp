// The product's version; CMake reads it from here, so it stands in one place only.
#pragma once

#define VIDEOCHAT_VERSION "0.1.0"

namespace videochat {

/// Semantic version (major.minor.patch) of the library and the server.
inline constexpr const char* kVersion = VIDEOCHAT_VERSION;

}  // namespace videochat
