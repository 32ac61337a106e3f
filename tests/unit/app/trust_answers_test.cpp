// app/trust_answers: what is told of certificates, to whom, and that it is what it says it is.
#include "app/trust_answers.hpp"

#include <string>

#include "http/request_head.hpp"
#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::app;

namespace {

constexpr const char* kHost = "192.168.1.5:3000";

tls::TrustFacts own_ca() {
    return {.leaf_sha256 = "AB:CD",
            .names = {"192.168.1.5", "localhost"},
            .ca_sha256 = "01:23",
            .ca_der = std::string("0\x82\0\x01", 4)};
}

tls::TrustFacts real_certificate() {
    return {.leaf_sha256 = "AB:CD", .names = {"chat.example.org"}, .ca_sha256 = "", .ca_der = ""};
}

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

/// The fields that /healthz gets for a request with that Origin.
std::string twin(std::string_view origin, bool secure = true, std::string_view host = kHost) {
    http::RequestHead head;
    if (!host.empty()) head.fields.push_back({"Host", host});
    if (!origin.empty()) head.fields.push_back({"Origin", origin});
    http::Request request;
    request.head = &head;
    request.secure = secure;
    return twin_fields(request);
}

}  // namespace

TEST_CASE("the CA is given away as a certificate that nothing keeps") {
    const tls::TrustFacts facts = own_ca();
    const http::Response response = ca_certificate(&facts);
    CHECK(response.status == 200);
    CHECK(response.body.view() == facts.ca_der);
    CHECK(response.content_length == 4);
    CHECK(has(response.fields.view(), "Content-Type: application/x-x509-ca-cert\r\n"));
    CHECK(has(response.fields.view(), "filename=\"videochat-ca.crt\"\r\n"));
    CHECK(has(response.extra_fields, "Cache-Control: no-store\r\n"));
}

TEST_CASE("the profile is of the kind that phones install") {
    const tls::TrustFacts facts = own_ca();
    const http::Response response = ca_profile(&facts);
    CHECK(response.status == 200);
    CHECK(has(response.fields.view(), "Content-Type: application/x-apple-aspen-config\r\n"));
    CHECK(has(response.fields.view(), "filename=\"videochat-ca.mobileconfig\"\r\n"));
    CHECK(has(response.extra_fields, "Cache-Control: no-store\r\n"));
    CHECK(has(response.body.view(), "<data>MIIAAQ==</data>"));
    CHECK(response.content_length == response.body.size());
}

TEST_CASE("there is no CA to take with real certificates or without TLS") {
    const tls::TrustFacts real = real_certificate();
    for (const tls::TrustFacts* facts : {&real, static_cast<const tls::TrustFacts*>(nullptr)}) {
        CHECK(ca_certificate(facts).status == 404);
        CHECK(ca_profile(facts).status == 404);
    }
}

TEST_CASE("the summary holds fingerprints, names and the port of https") {
    const tls::TrustFacts facts = own_ca();
    http::Request request;
    const http::Response response = trust_summary(&facts, request);
    CHECK(response.body.view() == R"({"leaf":{"sha256":"AB:CD"},"ca":{"sha256":"01:23"},)"
                                  R"("names":["192.168.1.5","localhost"],"httpsPort":0})"
                                  "\n");
    CHECK(has(response.fields.view(), "Content-Type: application/json\r\n"));
    CHECK(has(response.extra_fields, "Cache-Control: no-store\r\n"));
    request.https_port = 3443;
    CHECK(has(trust_summary(&facts, request).body.view(), R"("httpsPort":3443})"));
}

TEST_CASE("the summary has no CA with real certificates, and is not there without TLS") {
    const tls::TrustFacts real = real_certificate();
    CHECK(trust_summary(&real, {}).body.view() ==
          R"({"leaf":{"sha256":"AB:CD"},"ca":null,"names":["chat.example.org"],"httpsPort":0})"
          "\n");
    CHECK(trust_summary(nullptr, {}).status == 404);
}

TEST_CASE("the plain twin of its own host may read the health over TLS") {
    CHECK(twin("http://192.168.1.5:3000") ==
          "Vary: Origin\r\nAccess-Control-Allow-Origin: http://192.168.1.5:3000\r\n");
    CHECK(twin("http://chat.lan", true, "chat.lan") ==
          "Vary: Origin\r\nAccess-Control-Allow-Origin: http://chat.lan\r\n");
}

TEST_CASE("nobody else may, and over plain HTTP nobody at all") {
    for (const char* origin :
         {"", "null", "*", "https://192.168.1.5:3000", "http://192.168.1.5",
          "http://192.168.1.5:30000", "http://192.168.1.5:300", "http://evil.example",
          "http://192.168.1.5:3000/", "HTTP://192.168.1.5:3000", "http://u@192.168.1.5:3000"}) {
        CAPTURE(origin);
        CHECK(twin(origin) == "Vary: Origin\r\n");
    }
    CHECK(twin("http://", true, "") == "Vary: Origin\r\n");
    CHECK(twin("http://192.168.1.5:3000", false).empty());
    CHECK(twin_fields({}).empty());
}

TEST_CASE("two origins are nobody's") {
    http::RequestHead head;
    head.fields = {{"Host", "a"}, {"Origin", "http://a"}, {"Origin", "http://b"}};
    http::Request request;
    request.head = &head;
    request.secure = true;
    CHECK(twin_fields(request) == "Vary: Origin\r\n");
}
