#include "http/router.hpp"

#include <memory>
#include <string>
#include <string_view>

#include "http/request_address.hpp"
#include "http/response_head.hpp"
#include "support/catch.hpp"

using namespace videochat;
using namespace videochat::http;

namespace {

/// Belongs to loop 7.
class FarService final : public Service {
  public:
    std::optional<std::size_t> home_of(std::string_view query) const override {
        return query == "here" ? std::nullopt : std::optional<std::size_t>(7);
    }
    void serve(Exchange& /*exchange*/, const ServiceRequest& /*request*/) override {}
    std::optional<Response> upgrade(net::Connection& /*connection*/,
                                    const UpgradeRequest& /*request*/) override {
        return std::nullopt;
    }
};

struct Routes {
    Routes() {
        router.add("/s/route", [](const Request& asked) {
            return text_response(200, "route " + std::string(asked.query));
        });
        router.add_upgrade(
            "/up", [](auto&, const auto&) { return std::optional<Response>(); },
            [](std::string_view) { return std::optional<std::size_t>(3); });
        router.add_service("/s/", service);
        router.add_service("/exact", service);
        router.set_pages([](const Request& asked) {
            return text_response(200, std::string(asked.path) + " " + std::string(asked.range));
        });
    }
    std::string answer(const RequestHead& head, std::string_view path) const {
        return std::string(router.answer(head, path, "q").body.view());
    }
    FarService service;
    Router router;
};

RequestHead head_of(Method method) {
    RequestHead head;
    head.method = method;
    return head;
}

}  // namespace

TEST_CASE("a service has its path, or what begins with it behind a slash, and is no route") {
    Routes routes;
    CHECK(routes.router.find_service("/s/") == &routes.service);
    CHECK(routes.router.find_service("/s/any/thing") == &routes.service);
    CHECK(routes.router.find_service("/s/route/more") == &routes.service);
    CHECK(routes.router.find_service("/s/route") == nullptr);
    CHECK(routes.router.find_service("/s") == nullptr);
    CHECK(routes.router.find_service("/exact") == &routes.service);
    CHECK(routes.router.find_service("/exact/") == nullptr);
    CHECK(routes.router.find_service("/exactly") == nullptr);
    CHECK(routes.router.find_service("/") == nullptr);
    CHECK(routes.router.find_service("") == nullptr);
}

TEST_CASE("only upgrades and services have homes") {
    const Routes routes;
    CHECK(routes.router.home_of("/up", "") == 3U);
    CHECK(routes.router.home_of("/s/x", "") == 7U);
    CHECK(routes.router.home_of("/s/x", "here") == std::nullopt);
    CHECK(routes.router.home_of("/s/route", "") == std::nullopt);
    CHECK(routes.router.home_of("/up/", "") == std::nullopt);
    CHECK(routes.router.home_of("/", "") == std::nullopt);
}

TEST_CASE("routes and pages are read; other methods are told which there are") {
    const Routes routes;
    RequestHead get = head_of(Method::Get);
    get.fields.push_back({"rAnGe", "bytes=1-"});
    CHECK(routes.answer(get, "/s/route") == "route q");
    CHECK(routes.answer(get, "/page") == "/page bytes=1-");
    CHECK(routes.answer(head_of(Method::Head), "/page") == "/page ");
    const Response options = routes.router.answer(head_of(Method::Options), "/page", {});
    CHECK(options.status == 204);
    CHECK(options.no_body);
    CHECK(options.extra_fields == "Allow: GET, HEAD, OPTIONS\r\n");
    const Response other = routes.router.answer(head_of(Method::Other), "/s/route", {});
    CHECK(other.status == 405);
    CHECK(other.extra_fields.find("Allow: GET, HEAD, OPTIONS\r\n") != std::string::npos);
}

TEST_CASE("routes know how a request came, and its head") {
    Router router;
    RequestHead head = head_of(Method::Get);
    const RequestHead* seen = nullptr;
    router.set_pages([&seen](const Request& asked) {
        seen = asked.head;
        return text_response(asked.secure && asked.from_proxy ? 200 : 403,
                             std::to_string(asked.https_port));
    });
    CHECK(router.answer(head, "/", {}).status == 403);
    const Response response =
        router.answer(head, "/", {}, {.secure = true, .from_proxy = true, .https_port = 3443});
    CHECK(response.status == 200);
    CHECK(response.body.view() == "3443");
    CHECK(seen == &head);
}

TEST_CASE("the early route is asked about every request, or there is none") {
    Router router;
    const RequestHead head = head_of(Method::Other);
    RequestAddress outside;
    CHECK_FALSE(router.early_answer(head, outside).has_value());
    router.set_early([](const RequestHead& asked, const RequestAddress& address) {
        return asked.method == Method::Other && !address.is_inside()
                   ? std::optional(plain_response(421))
                   : std::nullopt;
    });
    CHECK(router.early_answer(head, outside)->status == 421);
    CHECK_FALSE(router.early_answer(head_of(Method::Get), outside).has_value());
}

TEST_CASE("the address of a request is what its target names behind the base path") {
    std::string storage;
    const auto find = [&storage](std::string_view target, std::string_view method = "GET") {
        RequestHead head;
        head.method_name = method;
        head.target = target;
        return find_address(head, "/base", storage);
    };
    const RequestAddress inside = find("/base/a%20b?c");
    CHECK(inside.is_inside());
    CHECK(inside.inside.path == "/a b");
    CHECK(inside.target.query == "c");
    CHECK_FALSE(find("/base").is_inside());
    CHECK_FALSE(find("/other").is_inside());
    CHECK_FALSE(find("*").is_inside());
    CHECK_FALSE(find("/base/%zz").is_inside());
    CHECK_FALSE(find("/base/", "CONNECT").is_inside());
}
