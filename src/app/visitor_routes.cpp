// See visitor_routes.hpp.
#include "app/visitor_routes.hpp"

#include <string_view>
#include <utility>

#include "app/qr_answer.hpp"
#include "app/trust_answers.hpp"
#include "http/request_address.hpp"
#include "http/request_head.hpp"

namespace videochat::app {
namespace {

// The one that is made for it: what it shows and asks for makes sense inside of another page.
constexpr std::string_view kEmbeddedPage = "/chat.html";
// It runs without a page, under the policy that comes with it.
constexpr std::string_view kServiceWorker = "/sw.js";

}  // namespace

VisitorRoutes::VisitorRoutes(const Config& config, TrustSource trust, PageFacts facts,
                             observe::Metrics& metrics)
    : pages_(config.pages, config.listen.base_path),
      page_config_(config, std::move(facts)),
      redirect_(config),
      hosts_(config.listen.allow_hosts),
      trust_(std::move(trust)),
      metrics_(metrics),
      has_ca_(trust_ && config.tls.certificates.empty()),
      has_own_pages_(config.pages.root.empty()) {
    if (!config.tls.acme_webroot.empty()) challenges_.emplace(config.tls.acme_webroot);
}

void VisitorRoutes::add_to(http::Router& router) {
    router.set_early(
        [this](const auto& head, const auto& address) { return early(head, address); });
    if (has_ca_) {
        router.add("/ca.crt",
                   [this](const http::Request&) { return ca_certificate(facts().get()); });
        router.add("/ca.mobileconfig",
                   [this](const http::Request&) { return ca_profile(facts().get()); });
    }
    if (trust_) {
        router.add("/secure.json", [this](const http::Request& request) {
            return trust_summary(facts().get(), request);
        });
    }
    if (has_own_pages_) {
        router.add("/config.json",
                   [this](const http::Request& request) { return page_config_.answer(request); });
        router.add("/qr", [this](const http::Request& request) {
            const auto known = facts();
            return qr_answer(request, known ? known->names : std::vector<std::string>{},
                             page_config_.origins(request));
        });
    }
    router.set_pages([this](const http::Request& request) { return page(request); });
}

std::optional<http::Response> VisitorRoutes::early(const http::RequestHead& head,
                                                   const http::RequestAddress& address) {
    auto refusal = hosts_.refusal(head.value("Host"), address.target.authority);
    if (refusal) {
        metrics_.add(observe::Counter::RefusedRequests);
        return refusal;
    }
    if (!challenges_ || address.target.outcome != protocol::TargetOutcome::Ok) return std::nullopt;
    return challenges_->answer(head.method, address.target.path);
}

http::Response VisitorRoutes::page(const http::Request& request) {
    auto redirect =
        redirect_.answer(request, [this](std::string_view path) { return pages_.is_page(path); });
    if (redirect) return std::move(*redirect);
    http::Response response = pages_.answer(request);
    if (request.path == kEmbeddedPage) response.policy = http::Policy::Embeddable;
    if (request.path == kServiceWorker) response.policy = http::Policy::Own;
    return response;
}

}  // namespace videochat::app
