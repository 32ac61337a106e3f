// app/visitor_routes: which of all this there is, by configuration; asked through the router.
#include "app/visitor_routes.hpp"

#include <memory>
#include <string>
#include <vector>

#include "http/request_address.hpp"
#include "http/request_head.hpp"
#include "http/response_head.hpp"
#include "support/catch.hpp"
#include "support/temp_folder.hpp"

using namespace videochat;
using namespace videochat::app;

namespace {

tls::TrustFacts own_ca() {
    return {.leaf_sha256 = "AB", .names = {"chat.lan"}, .ca_sha256 = "CD", .ca_der = "der"};
}

struct Site {
    explicit Site(const Config& given, bool has_tls = true)
        : config(given), routes(config, has_tls ? source() : TrustSource{}, facts(), metrics) {
        routes.add_to(router);
    }

    static PageFacts facts() {
        return {.presence = [] { return Presence{}; }, .ice = [] { return IceFeatures{}; }};
    }

    static TrustSource source() {
        return [facts = std::make_shared<const tls::TrustFacts>(own_ca())] { return facts; };
    }

    http::Response get(std::string_view path, std::string_view query = {},
                       std::string_view host = "192.168.1.5:3000") const {
        http::RequestHead head;
        head.method = http::Method::Get;
        head.fields = {{"Host", host}, {"Accept", "text/html"}};
        return router.answer(head, path, query);
    }

    std::optional<http::Response> early(std::string_view target, std::string_view host) const {
        http::RequestHead head;
        head.method = http::Method::Get;
        head.method_name = "GET";
        head.target = target;
        head.fields = {{"Host", host}};
        std::string storage;
        return router.early_answer(head,
                                   http::find_address(head, config.listen.base_path, storage));
    }

    Config config;
    observe::Metrics metrics;
    http::Router router;
    VisitorRoutes routes;
};

}  // namespace

TEST_CASE("with a CA of its own a site gives it away and leads visitors to https") {
    const Site site{Config{}};
    CHECK(site.get("/ca.crt").body.view() == "der");
    CHECK(site.get("/ca.mobileconfig").status == 200);
    CHECK(site.get("/secure.json").status == 200);
    CHECK(site.get("/config.json").body.view().starts_with("{\"version\":"));
    CHECK(site.get("/qr", "text=https://chat.lan/").status == 200);
    CHECK(site.get("/").status == 307);
    CHECK(site.get("/main.js").status == 200);
    CHECK(site.get("/nothing.html").status == 404);
    CHECK(site.get("/", {}, "localhost:3000").status == 200);
}

TEST_CASE("with real certificates there is no CA to take") {
    Config config;
    config.tls.certificates = {"chat.pem"};
    const Site site{config};
    CHECK(site.get("/ca.crt").status == 404);
    CHECK(site.get("/ca.mobileconfig").status == 404);
    CHECK(site.get("/secure.json").status == 200);
    CHECK(site.get("/").status == 307);
}

TEST_CASE("without TLS there is nothing to trust and nobody is led anywhere") {
    Config config;
    config.tls.enabled = false;
    const Site site{config, false};
    for (const char* path : {"/ca.crt", "/ca.mobileconfig", "/secure.json"}) {
        CAPTURE(path);
        CHECK(site.get(path).status == 404);
    }
    CHECK(site.get("/").status == 200);
    CHECK(site.get("/qr", "text=http://192.168.1.5:3000/").status == 200);
    CHECK(site.get("/qr", "text=http://chat.lan/").status == 404);
}

TEST_CASE("a folder of pages stays as it is") {
    const test::TempFolder folder;
    folder.write("index.html", "own");
    folder.write("qr", "own too");
    folder.write("config.json", "{}");
    Config config;
    config.pages.root = folder.path();
    const Site site{config};
    CHECK(site.get("/").body.view() == "own");
    CHECK(site.get("/qr").body.view() == "own too");
    CHECK(site.get("/config.json").body.view() == "{}");
    CHECK(site.get("/ca.crt").status == 200);
}

TEST_CASE("hosts that are not on the list are turned away before anything else, and counted") {
    Config config;
    config.listen.allow_hosts = {"chat.lan"};
    config.listen.base_path = "/x";
    const Site site{config};
    CHECK_FALSE(site.early("/x/", "chat.lan:3000").has_value());
    for (const char* target : {"/x/", "/outside", "/x/socket?room=a", "*", "/%zz", "/x/healthz"}) {
        CAPTURE(target);
        const auto refusal = site.early(target, "evil.example");
        REQUIRE(refusal.has_value());
        CHECK(refusal->status == 421);
    }
    CHECK(site.early("http://evil.example/x/", "chat.lan")->status == 421);
    CHECK_FALSE(site.early("http://chat.lan/x/", "chat.lan").has_value());
    CHECK(site.metrics.get(observe::Counter::RefusedRequests) == 7);
}

TEST_CASE("challenges stand at the root of the host, for hosts that are allowed") {
    const test::TempFolder folder;
    folder.write(".well-known/acme-challenge/token", "answer");
    Config config;
    config.tls.acme_webroot = folder.path();
    config.listen.base_path = "/x";
    config.listen.allow_hosts = {"chat.lan"};
    const Site site{config};
    const auto response = site.early("/.well-known/acme-challenge/token?x", "chat.lan");
    REQUIRE(response.has_value());
    CHECK(response->body.view() == "answer");
    CHECK(site.early("/.well-known/acme-challenge/%2e%2e/token", "chat.lan").has_value() == false);
    CHECK(site.early("/.well-known/acme-challenge/none", "chat.lan")->status == 404);
    CHECK(site.early("/.well-known/acme-challenge/token", "evil.example")->status == 421);
    CHECK_FALSE(site.early("/x/.well-known/acme-challenge/token", "chat.lan").has_value());
}

TEST_CASE("without a webroot nobody answers challenges") {
    const Site site{Config{}};
    CHECK_FALSE(site.early("/.well-known/acme-challenge/token", "a").has_value());
}
