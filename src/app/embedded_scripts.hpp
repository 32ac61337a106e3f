// The scripts inside the binary that other people's pages load: a table that
// cmake/embed_folder.cmake writes from src/socketio_client/.
#pragma once

#include <span>

#include "http/embedded_public.hpp"

namespace videochat::app {

/// Sorted by path ("/socket.io.js"); lives as long as the process.
std::span<const http::EmbeddedFile> embedded_scripts();

}  // namespace videochat::app
