// SecureRedirect: over plain HTTP a browser gives no camera, so who opens one of our pages there is
// taken to /secure.html first, which explains and leads on to https. Machines, probes, scripts and
// whoever comes through a proxy with TLS see nothing of it. Values; decisions are pure.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "videochat/config.hpp"

namespace videochat::http {

inline constexpr std::string_view kSecurePage = "/secure.html";

/// Everything about a request that speaks for it, but whether its path is a page. By Host, not by
/// the address of the peer: what counts is what the browser thinks of the origin.
bool is_insecure_visit(const Request& request);

/// "/base/secure.html?next=..." for the visitor who wanted `path` (decoded, without the base path)
/// and `query` (as sent). Built from those alone, never from a host, so that it always is a path.
/// `next` is percent-encoded; what it decodes to begins with one slash and holds no backslash. What
/// would make it longer than `longest` is left out: the query, then all of it.
std::string secure_page_location(std::string_view base_path, std::string_view path,
                                 std::string_view query, std::size_t longest);

class SecureRedirect {
  public:
    /// Whether the path of a request is an HTML page that exists.
    using IsPage = std::function<bool(std::string_view path)>;

    explicit SecureRedirect(const Config& config);

    /// 307 for a visitor without https, nullopt for everybody else.
    std::optional<Response> answer(const Request& request, const IsPage& is_page) const;

  private:
    bool is_on_;
    std::string base_path_;
    std::size_t longest_;
};

}  // namespace videochat::http
