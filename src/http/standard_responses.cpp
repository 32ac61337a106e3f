#include "http/standard_responses.hpp"

#include "http/response_head.hpp"

namespace videochat::http {
namespace {

constexpr const char* kAllow = "Allow: GET, HEAD, OPTIONS\r\n";

}  // namespace

Response method_not_allowed() {
    Response response = plain_response(405);
    response.extra_fields += kAllow;
    return response;
}

Response options_response() {
    Response response;
    response.status = 204;
    response.extra_fields = kAllow;
    response.no_body = true;
    return response;
}

Response moved_to(std::string location, std::string_view query) {
    if (!query.empty()) location.append("?").append(query);
    Response response = plain_response(308);
    response.extra_fields += "Location: " + location + "\r\n";
    return response;
}

Response busy_response(bool too_many) {
    Response response = plain_response(too_many ? 429 : 503);
    response.extra_fields += "Retry-After: 5\r\n";
    response.close = true;
    return response;
}

}  // namespace videochat::http
