// protocol/visitor_fields: the tables of Accept, Forwarded and Cookie.
#include "protocol/visitor_fields.hpp"

#include "support/catch.hpp"

using namespace videochat::protocol;

TEST_CASE("Accept names text/html itself") {
    for (const char* accept :
         {"text/html", "Text/HTML", "text/html;q=0.1", "text/html; level=1",
          "application/xml, text/html", "*/*;q=0.1,text/html;charset=utf-8;q=0.9",
          "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
          R"(text/plain;note=",",text/html)"}) {
        CAPTURE(accept);
        CHECK(names_html(accept));
    }
    for (const char* accept :
         {"", "*/*", "text/*", "text/html;q=0", "text/html; q=0.000", "text/html2", "text/htm",
          "xtext/html", "application/xhtml+xml", "image/avif,image/webp,*/*;q=0.8",
          "text/event-stream", R"(text/plain;note="text/html,text/html")", "text /html",
          ";text/html"}) {
        CAPTURE(accept);
        CHECK_FALSE(names_html(accept));
    }
}

TEST_CASE("Some proxy was reached by https") {
    for (const char* forwarded :
         {"proto=https", "Proto=HTTPS", "for=192.0.2.43;proto=https", "for=192.0.2.43; proto=https",
          R"(for="[2001:db8::1]:4711";proto="https";by=203.0.113.43)",
          "for=a;proto=http, for=b;proto=https", R"(for="a,b;c";proto=https)",
          R"(proto="ht\tps")"}) {
        CAPTURE(forwarded);
        CHECK(came_by_https(forwarded, ""));
    }
    for (const char* forwarded :
         {"", "proto=http", "for=https", "proto", "proto=", "proto=httpss", "xproto=https",
          R"(for="proto=https")", R"(for="a;proto=https")", "https", R"(for="a\";proto=https")"}) {
        CAPTURE(forwarded);
        CHECK_FALSE(came_by_https(forwarded, ""));
    }
    for (const char* proto : {"https", "HTTPS", "https,http", "http, https", "http,https,http"}) {
        CAPTURE(proto);
        CHECK(came_by_https("", proto));
    }
    for (const char* proto : {"", "http", "httpsx", "wss", "on", "https:"}) {
        CAPTURE(proto);
        CHECK_FALSE(came_by_https("", proto));
    }
}

TEST_CASE("A cookie is found by its exact name and value") {
    const auto is_set = [](std::string_view cookies) {
        return has_cookie(cookies, "insecure_ok", "1");
    };
    for (const char* cookies :
         {"insecure_ok=1", "a=b; insecure_ok=1", "insecure_ok=1;a=b", "a;\tinsecure_ok=1 ",
          "insecure_ok=0; insecure_ok=1", R"(a=";insecure_ok=1)", ";;insecure_ok=1"}) {
        CAPTURE(cookies);
        CHECK(is_set(cookies));
    }
    for (const char* cookies :
         {"", ";", " ", "insecure_ok", "insecure_ok=", "insecure_ok=0", "insecure_ok=11",
          "insecure_ok=true", R"(insecure_ok="1")", "Insecure_OK=1", "xinsecure_ok=1",
          "insecure_okx=1", "a=insecure_ok=1", "insecure_ok =1", "insecure_ok= 1",
          "a=b, insecure_ok=1", "insecure_ok%3D1"}) {
        CAPTURE(cookies);
        CHECK_FALSE(is_set(cookies));
    }
}
