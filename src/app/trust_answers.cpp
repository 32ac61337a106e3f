// See trust_answers.hpp.
#include "app/trust_answers.hpp"

#include <string_view>

#include "app/apple_profile.hpp"
#include "core/json_text.hpp"
#include "http/request_head.hpp"
#include "http/response_head.hpp"

namespace videochat::app {
namespace {

http::Response answer(std::string_view fields, std::string_view body) {
    http::Response response;
    response.fields = core::Frame::of_static(fields);
    response.extra_fields = "Cache-Control: no-store\r\n";
    response.body = core::Frame::copy_of(body);
    response.content_length = body.size();
    return response;
}

bool has_ca(const tls::TrustFacts* facts) { return facts != nullptr && !facts->ca_der.empty(); }

std::string fingerprint(std::string_view sha256) {
    return R"({"sha256":)" + core::json_string(sha256) + "}";
}

}  // namespace

// Inline, because Firefox then offers to trust it; with "attachment" it would only save it.
http::Response ca_certificate(const tls::TrustFacts* facts) {
    if (!has_ca(facts)) return http::plain_response(404);
    return answer(
        "Content-Type: application/x-x509-ca-cert\r\n"
        "Content-Disposition: inline; filename=\"videochat-ca.crt\"\r\n",
        facts->ca_der);
}

http::Response ca_profile(const tls::TrustFacts* facts) {
    if (!has_ca(facts)) return http::plain_response(404);
    return answer(
        "Content-Type: application/x-apple-aspen-config\r\n"
        "Content-Disposition: inline; filename=\"videochat-ca.mobileconfig\"\r\n",
        apple_profile(facts->ca_der, facts->ca_sha256));
}

http::Response trust_summary(const tls::TrustFacts* facts, const http::Request& request) {
    if (facts == nullptr) return http::plain_response(404);
    std::string json = R"({"leaf":)" + fingerprint(facts->leaf_sha256) + R"(,"ca":)" +
                       (has_ca(facts) ? fingerprint(facts->ca_sha256) : "null") + R"(,"names":[)";
    for (const std::string& name : facts->names) {
        if (json.back() != '[') json += ',';
        json += core::json_string(name);
    }
    json += R"(],"httpsPort":)" + std::to_string(request.https_port) + "}\n";
    return answer("Content-Type: application/json\r\n", json);
}

std::string twin_fields(const http::Request& request) {
    if (!request.secure || request.head == nullptr) return {};
    std::string fields = "Vary: Origin\r\n";
    const std::string_view host = request.head->value("Host");
    const std::string_view origin = request.head->value("Origin");
    if (!host.empty() && request.head->count("Origin") == 1 &&
        origin == "http://" + std::string(host)) {
        fields.append("Access-Control-Allow-Origin: ").append(origin).append("\r\n");
    }
    return fields;
}

}  // namespace videochat::app
