// http/secure_redirect: who is sent to the explanation, as a table, and where it leads on to.
#include "http/secure_redirect.hpp"

#include <string>
#include <vector>

#include "http/request_head.hpp"
#include "protocol/request_target.hpp"
#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::http;

namespace {

constexpr std::size_t kPlenty = 8000;
constexpr const char* kAccept =
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";

/// A visitor whom every condition fits; a case changes one thing.
struct Visitor {
    std::vector<RequestHead::Field> fields{{"Host", "192.168.1.5:3000"}, {"Accept", kAccept}};
    Method method = Method::Get;
    std::string_view path = "/";
    std::string_view query;
    bool secure = false;
    bool from_proxy = false;

    Visitor with(std::string_view name, std::string_view value) const {
        Visitor other = without(name);
        other.fields.push_back({name, value});
        return other;
    }
    Visitor and_also(std::string_view name, std::string_view value) const {
        Visitor other = *this;
        other.fields.push_back({name, value});
        return other;
    }
    Visitor without(std::string_view name) const {
        Visitor other = *this;
        std::erase_if(other.fields, [name](const auto& field) { return field.name == name; });
        return other;
    }
    Visitor at(std::string_view wanted) const {
        Visitor other = *this;
        other.path = wanted;
        return other;
    }

    template <typename Ask>
    auto ask(Ask&& question) const {
        RequestHead head;
        head.method = method;
        head.fields = fields;
        Request request;
        request.method = method;
        request.path = path;
        request.query = query;
        request.head = &head;
        request.secure = secure;
        request.from_proxy = from_proxy;
        return question(request);
    }
    bool is_insecure() const { return ask(is_insecure_visit); }
};

std::optional<Response> answer(const Config& config, const Visitor& visitor = {}) {
    const SecureRedirect redirect(config);
    return visitor.ask([&redirect](const Request& request) {
        return redirect.answer(request, [](std::string_view path) {
            return path == "/" || path == "/chat.html" || path == kSecurePage;
        });
    });
}

std::string location_of(const std::optional<Response>& response) {
    REQUIRE(response.has_value());
    const std::string& fields = response->extra_fields;
    const std::size_t at = fields.find("Location: ") + 10;
    return fields.substr(at, fields.find("\r\n", at) - at);
}

std::string location(std::string_view path, std::string_view query = {},
                     std::size_t longest = kPlenty) {
    return secure_page_location("", path, query, longest);
}

/// What the page finds behind "next=".
std::string next_of(const std::string& location) {
    const std::string query = location.substr(location.find('?') + 1);
    const auto next = protocol::find_parameter(query, "next");
    REQUIRE(next.outcome == protocol::ParameterOutcome::One);
    return next.value;
}

}  // namespace

TEST_CASE("A browser that opens a page over plain HTTP is an insecure visit") {
    CHECK(Visitor{}.is_insecure());
    CHECK(Visitor{}.with("Sec-Fetch-Mode", "navigate").is_insecure());
    CHECK(Visitor{}.with("Accept", "text/html").is_insecure());
    CHECK(Visitor{}.with("Host", "chat.lan").is_insecure());
    CHECK(Visitor{}.with("Host", "[fd00::5]:3000").is_insecure());
    CHECK(Visitor{}.with("X-Forwarded-Proto", "http").is_insecure());
    CHECK(Visitor{}.with("Forwarded", "for=192.0.2.1;proto=http").is_insecure());
    CHECK(Visitor{}.with("Cookie", "a=b; insecure_ok=0").is_insecure());
    CHECK(Visitor{}.at("/chat.html").is_insecure());
    CHECK(Visitor{}.at("/secure.html/").is_insecure());
}

TEST_CASE("Each condition alone is enough to be left in peace") {
    Visitor secure;
    secure.secure = true;
    CHECK_FALSE(secure.is_insecure());
    Visitor proxied;
    proxied.from_proxy = true;
    CHECK_FALSE(proxied.is_insecure());
    for (const Method method : {Method::Head, Method::Options, Method::Other}) {
        Visitor other;
        other.method = method;
        CHECK_FALSE(other.is_insecure());
    }
    CHECK_FALSE(Visitor{}.at("/secure.html").is_insecure());
    CHECK_FALSE(Visitor{}.without("Accept").is_insecure());
    CHECK_FALSE(Visitor{}.with("Accept", "*/*").is_insecure());
    CHECK_FALSE(Visitor{}.with("Accept", "text/*").is_insecure());
    CHECK_FALSE(Visitor{}.with("Accept", "text/html;q=0, */*").is_insecure());
    for (const char* mode : {"cors", "no-cors", "same-origin", "websocket", "Navigate"}) {
        CAPTURE(mode);
        CHECK_FALSE(Visitor{}.with("Sec-Fetch-Mode", mode).is_insecure());
    }
    CHECK_FALSE(Visitor{}.without("Host").is_insecure());
    for (const char* host :
         {"localhost:3000", "a.localhost", "127.0.0.1:3000", "127.9.9.9", "[::1]:3000"}) {
        CAPTURE(host);
        CHECK_FALSE(Visitor{}.with("Host", host).is_insecure());
    }
    CHECK_FALSE(Visitor{}.with("X-Forwarded-Proto", "https").is_insecure());
    CHECK_FALSE(Visitor{}.with("x-forwarded-proto", "HTTPS, http").is_insecure());
    CHECK_FALSE(Visitor{}.with("Forwarded", R"(for=a;Proto="https")").is_insecure());
    CHECK_FALSE(Visitor{}.with("Cookie", "insecure_ok=1").is_insecure());
}

TEST_CASE("Fields that come several times count together") {
    CHECK(Visitor{}.with("Accept", "*/*").and_also("Accept", "text/html").is_insecure());
    CHECK_FALSE(Visitor{}
                    .with("Sec-Fetch-Mode", "navigate")
                    .and_also("Sec-Fetch-Mode", "cors")
                    .is_insecure());
    CHECK_FALSE(Visitor{}.with("Cookie", "a=b").and_also("cookie", "insecure_ok=1").is_insecure());
    CHECK_FALSE(Visitor{}
                    .with("Forwarded", "proto=http")
                    .and_also("Forwarded", "proto=https")
                    .is_insecure());
    CHECK_FALSE(Visitor{}
                    .with("X-Forwarded-Proto", "http")
                    .and_also("X-Forwarded-Proto", "https")
                    .is_insecure());
}

TEST_CASE("An insecure visit to a page is answered 307, and nothing keeps that") {
    const auto response = answer(Config{});
    CHECK(location_of(response) == "/secure.html?next=%2F");
    CHECK(response->status == 307);
    CHECK(response->extra_fields.find("Cache-Control: no-store\r\n") != std::string::npos);
    CHECK_FALSE(response->close);
}

TEST_CASE("What is no page of ours is not redirected, nor the explanation itself") {
    for (const char* path : {"/generate_204", "/hotspot-detect.html", "/healthz", "/ca.crt",
                             "/main.js", "/secure.html"}) {
        CAPTURE(path);
        CHECK_FALSE(answer(Config{}, Visitor{}.at(path)).has_value());
    }
}

TEST_CASE("Nobody is redirected without TLS, with pages of one's own, or if that is wanted") {
    Config off;
    off.tls.enabled = false;
    CHECK_FALSE(answer(off).has_value());
    Config root;
    root.pages.root = "/srv/pages";
    CHECK_FALSE(answer(root).has_value());
    Config insecure;
    insecure.tls.insecure_pages = true;
    CHECK_FALSE(answer(insecure).has_value());
}

TEST_CASE("The base path stands before the page and in what follows it") {
    Config config;
    config.listen.base_path = "/x/y";
    Visitor visitor = Visitor{}.at("/chat.html");
    visitor.query = "room=a";
    const std::string where = location_of(answer(config, visitor));
    CHECK(where == "/x/y/secure.html?next=%2Fx%2Fy%2Fchat.html%3Froom%3Da");
    CHECK(next_of(where) == "/x/y/chat.html?room=a");
}

TEST_CASE("Path and query come back from the address as they were") {
    CHECK(location("/chat.html", "room=a&b=c") ==
          "/secure.html?next=%2Fchat.html%3Froom%3Da%26b%3Dc");
    CHECK(next_of(location("/a b/\xC3\xA9%.html")) == "/a%20b/%C3%A9%25.html");
    CHECK(next_of(location("/", "room=caf%C3%A9+x%2Fy?z")) == "/?room=caf%C3%A9+x%2Fy?z");
    CHECK(next_of(location("/a?b#c")) == "/a%3Fb%23c");
    CHECK(next_of(location("/-._~!$&'()*+,;=:@")) == "/-._~!$&'()*+,;=:@");
}

TEST_CASE("Whatever is asked for, what follows begins with one slash and has no backslash") {
    for (const char* path : {"//evil.example/", "///evil.example", "/\\evil.example", "/%2F/evil",
                             "/http://evil.example", "/javascript:alert(1)", "/@evil.example",
                             "/.evil", "/\t/evil", "/\r\nSet-Cookie: a=b"}) {
        for (const char* query : {"", "a=\\b", "\\\\evil", "next=//evil", "\r\nSet-Cookie: a=b",
                                  "a=<script>", "%0d%0a", "%5c%5c", "\xFF\x80", "%zz%"}) {
            const std::string where = location(path, query);
            CAPTURE(path, query, where);
            CHECK(where.starts_with("/secure.html?next=%2F"));
            CHECK(where.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                          "0123456789-._~%/?=") == std::string::npos);
            const std::string next = next_of(where);
            REQUIRE(next.size() >= 1);
            CHECK(next.front() == '/');
            CHECK(next.substr(0, 2) != "//");
            CHECK(next.find_first_of("\\\r\n\t <>#") == std::string::npos);
        }
    }
}

TEST_CASE("An address that could not be asked for is cut down to one that can") {
    const std::string query = "a=" + std::string(5000, '&');
    CHECK(location("/chat.html", query) == "/secure.html?next=%2Fchat.html");
    CHECK(location("/" + std::string(3000, '$'), "") == "/secure.html");
    const std::string whole = location("/chat.html", "a=b");
    CHECK(location("/chat.html", "a=b", whole.size()) == whole);
    CHECK(location("/chat.html", "a=b", whole.size() - 1) == "/secure.html?next=%2Fchat.html");
    CHECK(location("/chat.html", "a=b", 0) == "/secure.html");
}

TEST_CASE("What fits is a request line that the server itself would take") {
    Config config;
    config.http.request_line = 60;
    const auto line_for = [&config](std::size_t filler) {
        Visitor visitor;
        const std::string query(filler, 'q');
        visitor.query = query;
        return "GET " + location_of(answer(config, visitor)) + " HTTP/1.1";
    };
    std::size_t longest = 0;
    for (std::size_t filler = 0; filler < 60; ++filler)
        longest = std::max(longest, line_for(filler).size());
    CHECK(longest == 60);
    config.http.request_line = 0;
    CHECK(line_for(20'000).size() > 20'000);
}
