// See secure_redirect.hpp.
#include "http/secure_redirect.hpp"

#include <algorithm>
#include <limits>

#include "http/host_rule.hpp"
#include "http/request_head.hpp"
#include "http/response_head.hpp"
#include "protocol/field_list.hpp"
#include "protocol/request_target.hpp"
#include "protocol/visitor_fields.hpp"

namespace videochat::http {
namespace {

constexpr std::string_view kUnreserved = "-._~";
// Besides letters and digits; an escape's "%" too (RFC 3986 section 3.4).
constexpr std::string_view kQueryCharacters = "-._~!$&'()*+,;=:@/?%";
// The rest of the request line that fetches the page: "GET ", " HTTP/1.1".
constexpr std::size_t kRestOfLine = 13;

}  // namespace

bool is_insecure_visit(const Request& request) {
    if (request.secure || request.from_proxy || request.method != Method::Get) return false;
    if (request.head == nullptr || request.path == kSecurePage) return false;
    const RequestHead& head = *request.head;
    // Browsers send no Sec-Fetch-* to http addresses of a LAN, so its absence means nothing.
    const std::string mode = head.list("Sec-Fetch-Mode");
    const std::string_view host = head.value("Host");
    return (mode.empty() || mode == "navigate") && protocol::names_html(head.list("Accept")) &&
           !host.empty() && !is_loopback_host(host) &&
           // From anyone: a proxy with TLS that nobody has declared would send visitors in a
           // circle. Who forges it harms only himself.
           !protocol::came_by_https(head.list("Forwarded"), head.list("X-Forwarded-Proto")) &&
           std::ranges::none_of(head.fields, [](const RequestHead::Field& field) {
               return protocol::is_same_ignoring_case(field.name, "Cookie") &&
                      protocol::has_cookie(field.value, "insecure_ok", "1");
           });
}

std::string secure_page_location(std::string_view base_path, std::string_view path,
                                 std::string_view query, std::size_t longest) {
    std::string page = std::string(base_path).append(kSecurePage);
    std::string next = std::string(base_path) + protocol::encode_path(path);
    const auto with_next = [&page, &next] {
        std::string location = page + "?next=";
        protocol::append_percent_encoded(location, next, kUnreserved);
        return location;
    };
    std::string without_query = with_next();
    if (without_query.size() > longest) return page;
    if (query.empty()) return without_query;
    next += '?';
    protocol::append_percent_encoded(next, query, kQueryCharacters);
    std::string whole = with_next();
    return whole.size() > longest ? without_query : whole;
}

SecureRedirect::SecureRedirect(const Config& config)
    : is_on_(config.tls.enabled && !config.tls.insecure_pages && config.pages.root.empty()),
      base_path_(config.listen.base_path),
      longest_(config.http.request_line == 0
                   ? std::numeric_limits<std::size_t>::max()
                   : config.http.request_line - std::min(config.http.request_line, kRestOfLine)) {}

std::optional<Response> SecureRedirect::answer(const Request& request,
                                               const IsPage& is_page) const {
    if (!is_on_ || !is_insecure_visit(request) || !is_page(request.path)) return std::nullopt;
    Response response = plain_response(307);  // no-store: the cookie may change it at any time
    response.extra_fields +=
        "Location: " + secure_page_location(base_path_, request.path, request.query, longest_) +
        "\r\n";
    return response;
}

}  // namespace videochat::http
