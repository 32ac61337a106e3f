// Response heads (RFC 9112): the status line and the fields that every answer has.
#pragma once

#include <chrono>
#include <ctime>
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace videochat::http {

/// "Not Found" for 404; the reason phrase of every status that we send.
std::string_view reason_phrase(unsigned status);

/// A short plain answer, such as "404 Not Found".
Response plain_response(unsigned status);
/// The same with other words and header lines.
Response text_response(unsigned status, std::string_view text, std::string fields = {});

/// The security fields of every answer (docs/architecture.md, "Header fields"). Pages of the
/// user's own (--root) may hold inline scripts and come from the days of CDNs; ours may not.
std::string security_fields(bool own_pages);

/// Makes heads; one per loop, because it keeps the Date of the present second.
class ResponseHead {
  public:
    explicit ResponseHead(std::string security_fields) : security_(std::move(security_fields)) {}

    /// Status line, Date, security fields, Connection and Content-Length. `extra_fields` of the
    /// response are appended; its prepared `fields` are not, nor is the empty line.
    std::string begin(const Response& response, bool keep_alive, bool http_1_0);

  private:
    const std::string& date();

    std::string security_;
    std::time_t second_ = 0;
    std::string date_;
};

}  // namespace videochat::http
