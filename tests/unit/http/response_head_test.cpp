// http/response_head: the fields that answers have.
#include "http/response_head.hpp"

#include <string>

#include "support/catch.hpp"

using namespace videochat::http;

namespace {

bool has(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace

TEST_CASE("what is said over TLS alone stands in no other answer") {
    ResponseHead head({.own = "Security: on\r\n",
                       .embeddable = "Security: off\r\n",
                       .none = "",
                       .secure = std::string(hsts_field())});
    const std::string plain = head.begin(plain_response(200), true, false);
    const std::string secure = head.begin(plain_response(200), true, false, true);
    CHECK_FALSE(has(plain, "Strict-Transport-Security"));
    CHECK(has(secure, "\r\nStrict-Transport-Security: max-age=31536000\r\n"));
    for (const std::string& text : {plain, secure})
        CHECK(has(text, "\r\nSecurity: on\r\n"));
    ResponseHead without({.own = "Security: on\r\n", .embeddable = "", .none = ""});
    CHECK_FALSE(has(without.begin(plain_response(200), true, false, true), "Strict"));
}

TEST_CASE("a page that may be shown by others says by whom, and any other answer does not") {
    ResponseHead head(
        {.own = security_fields(false),
         .embeddable = security_fields(false, {"https://a.example", "http://b.example:8080"}),
         .none = std::string(part_fields())});
    Response page = plain_response(200);
    CHECK(has(head.begin(page, true, false), "frame-ancestors 'self'\r\n"));
    page.policy = Policy::Embeddable;
    const std::string text = head.begin(page, true, false);
    CHECK(has(text, "; frame-ancestors 'self' https://a.example http://b.example:8080\r\n"));
    CHECK(has(text, "default-src 'self';"));
    CHECK(has(text, "\r\nX-Content-Type-Options: nosniff\r\n"));
    CHECK(has(text,
              "\r\nPermissions-Policy: camera=(self), microphone=(self), "
              "display-capture=(self)\r\n"));

    page.policy = Policy::None;
    const std::string part = head.begin(page, true, false);
    CHECK(has(part, "\r\nX-Content-Type-Options: nosniff\r\n"));
    CHECK(has(part, "\r\nReferrer-Policy: no-referrer\r\n"));
    CHECK_FALSE(has(part, "-Security-Policy"));
    CHECK_FALSE(has(part, "Permissions-Policy"));
}

TEST_CASE("every status that we send has its phrase") {
    for (const unsigned status :
         {200U, 204U, 206U, 304U, 307U, 308U, 400U, 403U, 404U, 405U, 408U,
          413U, 414U, 416U, 421U, 426U, 429U, 431U, 500U, 501U, 503U, 505U}) {
        CAPTURE(status);
        CHECK(reason_phrase(status) != "Unknown");
    }
}

TEST_CASE("the policy of our own pages lets them look at their twin of the other scheme") {
    const std::string fields = security_fields(false);
    // 'self' covers https and wss of the same host and port for a page that came by http.
    CHECK(has(fields, "connect-src 'self' ws: wss:;"));
    CHECK(has(fields, "default-src 'self';"));
    // It would break a page over http for who goes on without https.
    for (const bool own_pages : {false, true})
        CHECK_FALSE(has(security_fields(own_pages), "upgrade-insecure-requests"));
}
