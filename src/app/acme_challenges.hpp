// AcmeChallenges: the answers to a certificate authority's HTTP challenges (RFC 8555 section 8.3),
// which an ACME client writes into the folder of --acme-webroot. Used on one loop.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/folder_handle.hpp"
#include "http/message.hpp"

namespace videochat::app {

class AcmeChallenges {
  public:
    /// `webroot` holds .well-known/acme-challenge/, or will. Throws std::runtime_error with one
    /// line that names it when it cannot be opened.
    explicit AcmeChallenges(const std::string& webroot) : folder_(webroot) {}

    /// nullopt when the path is none of a challenge. `path` is the whole one: challenges stand at
    /// the root of the host, whatever the base path is.
    std::optional<http::Response> answer(http::Method method, std::string_view path);

  private:
    http::Response token_answer(std::string_view token);

    http::FolderHandle folder_;
};

}  // namespace videochat::app
