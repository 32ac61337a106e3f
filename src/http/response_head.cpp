#include "http/response_head.hpp"

#include "protocol/http_date.hpp"

namespace videochat::http {

std::string_view reason_phrase(unsigned status) {
    switch (status) {
        case 200:
            return "OK";
        case 204:
            return "No Content";
        case 206:
            return "Partial Content";
        case 301:
            return "Moved Permanently";
        case 304:
            return "Not Modified";
        case 307:
            return "Temporary Redirect";
        case 308:
            return "Permanent Redirect";
        case 400:
            return "Bad Request";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 408:
            return "Request Timeout";
        case 413:
            return "Content Too Large";
        case 414:
            return "URI Too Long";
        case 416:
            return "Range Not Satisfiable";
        case 421:
            return "Misdirected Request";
        case 426:
            return "Upgrade Required";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 500:
            return "Internal Server Error";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        case 505:
            return "HTTP Version Not Supported";
        default:
            return "Unknown";
    }
}

Response text_response(unsigned status, std::string_view text, std::string fields) {
    Response response;
    response.status = status;
    response.fields = core::Frame::of_static("Content-Type: text/plain; charset=utf-8\r\n");
    response.extra_fields = std::move(fields);
    response.body = core::Frame::copy_of(text);
    response.content_length = text.size();
    return response;
}

Response plain_response(unsigned status) {
    std::string text = std::to_string(status);
    text.append(" ").append(reason_phrase(status)).append("\n");
    return text_response(status, text, "Cache-Control: no-store\r\n");
}

std::string security_fields(bool own_pages, const std::vector<std::string>& embedders) {
    std::string fields(part_fields());
    fields += "Content-Security-Policy: ";
    if (own_pages) {
        fields +=
            "default-src 'self' 'unsafe-inline' 'unsafe-eval' http: https: data: blob:; "
            "connect-src 'self' http: https: ws: wss:; frame-ancestors 'self'";
    } else {
        fields +=
            "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
            "connect-src 'self' ws: wss:; object-src 'none'; base-uri 'self'; "
            "form-action 'self'; frame-ancestors 'self'";
    }
    for (const std::string& origin : embedders)
        fields.append(" ").append(origin);
    fields +=
        "\r\nPermissions-Policy: camera=(self), microphone=(self), display-capture=(self)\r\n";
    return fields;
}

std::string_view part_fields() {
    return "X-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer\r\n";
}

std::string_view hsts_field() { return "Strict-Transport-Security: max-age=31536000\r\n"; }

const std::string& ResponseHead::date() {
    const std::time_t now = std::time(nullptr);
    if (now != second_) {
        second_ = now;
        date_ = protocol::format_http_date(now);
    }
    return date_;
}

const std::string& ResponseHead::security(Policy policy) const {
    switch (policy) {
        case Policy::Embeddable:
            return fields_.embeddable;
        case Policy::None:
            return fields_.none;
        case Policy::Own:
            break;
    }
    return fields_.own;
}

std::string ResponseHead::begin(const Response& response, bool keep_alive, bool http_1_0,
                                bool is_secure) {
    std::string head;
    const std::string& security_lines = security(response.policy);
    head.reserve(256 + security_lines.size() + response.extra_fields.size());
    head.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ");
    head.append(reason_phrase(response.status)).append("\r\nDate: ").append(date()).append("\r\n");
    head.append(security_lines);
    if (is_secure) head.append(fields_.secure);
    if (!keep_alive) {
        head.append("Connection: close\r\n");
    } else if (http_1_0) {
        head.append("Connection: keep-alive\r\n");
    }
    // RFC 9110 section 8.6: not with 204; a 304 may leave it out.
    if (response.status != 204 && response.status != 304) {
        head.append("Content-Length: ").append(std::to_string(response.content_length));
        head.append("\r\n");
    }
    head.append(response.extra_fields);
    return head;
}

}  // namespace videochat::http
