// See qr_answer.hpp.
#include "app/qr_answer.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "app/qr_code.hpp"
#include "http/request_head.hpp"
#include "http/response_head.hpp"
#include "protocol/field_list.hpp"
#include "protocol/origin.hpp"
#include "protocol/request_target.hpp"

namespace videochat::app {
namespace {

constexpr std::size_t kLongestUrl = 512;

/// Whom an http or https URL leads to, as protocol::host_name spells it; empty: it is none.
std::string host_of(std::string_view url) {
    // Other bytes are not for URLs, and readers of codes disagree on a backslash.
    const bool is_clean =
        std::ranges::all_of(url, [](char c) { return c > ' ' && c < '\x7F' && c != '\\'; });
    const std::size_t colon = std::min(url.find("://"), url.size());
    const std::string_view scheme = url.substr(0, colon);
    if (!is_clean || colon == url.size() ||
        !(protocol::is_same_ignoring_case(scheme, "http") ||
          protocol::is_same_ignoring_case(scheme, "https"))) {
        return {};
    }
    const std::string_view rest = url.substr(colon + 3);
    return protocol::host_name(rest.substr(0, rest.find_first_of("/?#")));
}

/// One path, a bar for each run of dark modules: small, and without a style that the policy would
/// forbid.
std::string drawn(const QrCode& code) {
    const std::string side = std::to_string(code.width() + 2 * QrCode::kQuiet);
    std::string svg = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 )" + side + " " +
                      side + R"(" shape-rendering="crispEdges"><path fill="#fff" d="M0 0h)" + side +
                      "v" + side + R"(H0z"/><path d=")";
    for (int y = 0; y < code.width(); ++y) {
        for (int x = 0; x < code.width(); ++x) {
            if (!code.is_dark(x, y) || code.is_dark(x - 1, y)) continue;
            int end = x;
            while (code.is_dark(end, y))
                ++end;
            const std::string length = std::to_string(end - x);
            svg.append("M").append(std::to_string(x + QrCode::kQuiet));
            svg.append(" ").append(std::to_string(y + QrCode::kQuiet));
            svg.append("h").append(length).append("v1h-").append(length).append("z");
        }
    }
    return svg + R"("/></svg>)";
}

}  // namespace

http::Response qr_answer(const http::Request& request, const std::vector<std::string>& names,
                         const std::vector<std::string>& origins) {
    const auto text = protocol::find_parameter(request.query, "text");
    if (text.outcome != protocol::ParameterOutcome::One || text.value.size() > kLongestUrl)
        return http::plain_response(400);
    const std::string host = host_of(text.value);
    if (host.empty()) return http::plain_response(400);
    const bool is_ours =
        (request.head != nullptr && host == protocol::host_name(request.head->value("Host"))) ||
        std::ranges::find(names, host) != names.end() ||
        std::ranges::any_of(origins,
                            [&host](const auto& origin) { return host_of(origin) == host; });
    if (!is_ours) return http::plain_response(404);

    const std::string svg = drawn(QrCode(text.value));
    http::Response response;
    response.fields =
        core::Frame::of_static("Content-Type: image/svg+xml\r\nCache-Control: no-store\r\n");
    response.body = core::Frame::copy_of(svg);
    response.content_length = svg.size();
    return response;
}

}  // namespace videochat::app
