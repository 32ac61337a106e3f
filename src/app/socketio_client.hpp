// SocketIoClient: what pages get for /socket.io/socket.io.js, which Socket.IO's own server gives
// them too. Our small script, or the bundle of a file; in front of it what browsers have dropped
// since 2017, if that is wanted. Used on one loop.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>

#include "http/message.hpp"
#include "http/served_file.hpp"
#include "videochat/config.hpp"

namespace videochat::app {

class SocketIoClient {
  public:
    /// Throws std::runtime_error with one line that names the file when it cannot be read.
    explicit SocketIoClient(SocketIoConfig config);

    /// Answers GET and HEAD. A file that has changed is read again; while it cannot be, what was
    /// read before is served.
    http::Response answer(const http::Request& request);

  private:
    /// Tells one state of the file from another.
    struct Stamp {
        std::filesystem::file_time_type modified;
        std::uintmax_t size = 0;
        bool operator==(const Stamp&) const = default;
    };
    struct Script {
        std::string text;
        std::int64_t modified = 0;  ///< seconds since 1970
    };

    static std::optional<Stamp> stamp_of(const std::string& path);
    Script read() const;
    void serve(Script script);
    void follow_file();

    const SocketIoConfig config_;
    std::optional<Stamp> stamp_;  ///< of what was read or tried last
    std::shared_ptr<const http::ServedFile> served_;
};

}  // namespace videochat::app
