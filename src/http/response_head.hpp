// Response heads (RFC 9112): the status line and the fields that every answer has.
#pragma once

#include <chrono>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace videochat::http {

/// "Not Found" for 404; the reason phrase of every status that we send.
std::string_view reason_phrase(unsigned status);

/// A short plain answer, such as "404 Not Found".
Response plain_response(unsigned status);
/// The same with other words and header lines.
Response text_response(unsigned status, std::string_view text, std::string fields = {});

/// The security fields of answers (docs/architecture.md, "Header fields"). Pages of the user's own
/// (--root) may hold inline scripts and come from the days of CDNs; ours may not.
/// `embedders`: origins besides its own whose pages may show the answer in a frame.
std::string security_fields(bool own_pages, const std::vector<std::string>& embedders = {});
/// Those that mean something to a part of a page too.
std::string_view part_fields();

/// Browsers come by HTTPS alone for a year from then on (RFC 6797), which no visitor could undo:
/// only for certificates that browsers trust.
std::string_view hsts_field();

/// Makes heads; one per loop, because it keeps the Date of the present second.
class ResponseHead {
  public:
    struct Fields {
        // By Response::policy.
        std::string own;
        std::string embeddable;
        std::string none;
        std::string secure{};  ///< those that answers over TLS have besides
    };
    explicit ResponseHead(Fields fields) : fields_(std::move(fields)) {}

    /// Status line, Date, security fields, Connection and Content-Length. `extra_fields` of the
    /// response are appended; its prepared `fields` are not, nor is the empty line.
    std::string begin(const Response& response, bool keep_alive, bool http_1_0,
                      bool is_secure = false);

  private:
    const std::string& date();
    const std::string& security(Policy policy) const;

    Fields fields_;
    std::time_t second_ = 0;
    std::string date_;
};

}  // namespace videochat::http
