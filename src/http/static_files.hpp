// StaticFiles: the pages, from a folder (--root) or from inside the binary. Replaces
// express.static: GET, HEAD, validators (RFC 9110 section 13), one range (section 14), gzip
// prepared once. One per loop, used on that loop only.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "videochat/config.hpp"

namespace videochat::http {

class StaticFiles {
  public:
    /// Throws std::runtime_error with one line that names the culprit when the root is missing,
    /// not a directory or not readable.
    /// `base_path` ("" or "/x") stands before every path in a redirect.
    explicit StaticFiles(const PagesConfig& pages, std::string base_path = {});
    ~StaticFiles();
    StaticFiles(const StaticFiles&) = delete;
    StaticFiles& operator=(const StaticFiles&) = delete;

    /// Answers GET and HEAD of `request.path`: the file, a redirect to a folder's slash, 206, 304,
    /// 416, or the 404 page. 503 when descriptors are used up.
    Response answer(const Request& request);

    /// Whether answer() has an HTML page for that path: a page itself, "/", or a folder with one.
    bool is_page(std::string_view path);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace videochat::http
