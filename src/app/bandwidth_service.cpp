#include "app/bandwidth_service.hpp"

#include <algorithm>
#include <charconv>
#include <memory>
#include <random>
#include <string>
#include <utility>

#include "http/response_head.hpp"
#include "http/router.hpp"
#include "protocol/request_target.hpp"

namespace videochat::app {
namespace {

using observe::Counter;

constexpr const char* kAllow = "Allow: GET, HEAD, POST, OPTIONS\r\n";

/// Longer than the window of deflate (RFC 1951), so that its repetition cannot be seen by it.
const std::string& noise() {
    static const std::string bytes = [] {
        std::string made(http::BodySource::kChunk, '\0');
        std::mt19937 random(
            1);  // NOLINT(cert-msc51-cpp): any bytes will do, secrets are not needed
        std::ranges::generate(made, [&random] { return static_cast<char>(random() & 0xFFU); });
        return made;
    }();
    return bytes;
}

/// The same block again and again: nothing is made or kept for a request.
class Noise final : public http::BodySource {
  public:
    explicit Noise(std::uint64_t size) : left_(size) {}

    core::Frame next() override {
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, kChunk));
        left_ -= size;
        return core::Frame::of_static(noise()).part(0, size);
    }

  private:
    std::uint64_t left_;
};

// "no-transform", for a proxy would measure itself.
http::Response download(std::uint64_t size) {
    http::Response response;
    response.fields = core::Frame::of_static(
        "Content-Type: application/octet-stream\r\nCache-Control: no-store, no-transform\r\n");
    response.content_length = size;
    response.source = std::make_unique<Noise>(size);
    return response;
}

http::Response allowed_methods() {
    http::Response response;
    response.status = 204;
    response.extra_fields = kAllow;
    response.no_body = true;
    return response;
}

http::Response method_not_allowed() {
    http::Response response = http::plain_response(405);
    response.extra_fields += kAllow;
    return response;
}

/// A POST on its way in.
class Upload final : public http::Pending {
  public:
    explicit Upload(http::Exchange& exchange) : exchange_(exchange) {}

    void on_dropped(std::uint64_t size) override {
        const std::string json = R"({"bytes":)" + std::to_string(size) + "}\n";
        http::Response response;
        response.fields =
            core::Frame::of_static("Content-Type: application/json\r\nCache-Control: no-store\r\n");
        response.body = core::Frame::copy_of(json);
        response.content_length = json.size();
        exchange_.answer(std::move(response));
    }

  private:
    http::Exchange& exchange_;
};

}  // namespace

BandwidthRate::BandwidthRate(std::size_t per_minute) : rate_(per_minute, std::chrono::minutes(1)) {}

std::optional<std::int64_t> BandwidthRate::refuse_for(const protocol::IpAddress& address,
                                                      net::TimePoint now) {
    const std::lock_guard lock(mutex_);
    if (rate_.admit(address.key(), now)) return std::nullopt;
    return std::chrono::ceil<std::chrono::seconds>(rate_.wait(address.key(), now)).count();
}

std::optional<std::uint64_t> parse_bandwidth_query(std::string_view query, std::uint64_t most) {
    const auto parameter = protocol::find_parameter(query, "bytes");
    if (parameter.outcome != protocol::ParameterOutcome::One) return std::nullopt;
    std::uint64_t value = 0;
    const char* const begin = parameter.value.data();
    const char* const end = begin + parameter.value.size();
    const auto parsed = std::from_chars(begin, end, value);
    if (parsed.ec != std::errc{} || parsed.ptr != end || value > most) return std::nullopt;
    return value;
}

// Any loop will do.
std::optional<std::size_t> BandwidthService::home_of(std::string_view /*query*/) const {
    return std::nullopt;
}

void BandwidthService::serve(http::Exchange& exchange, const http::ServiceRequest& request) {
    const std::string_view method = request.head.method_name;
    const bool is_post = method == "POST";
    if (!is_post && method != "GET" && method != "HEAD") {
        exchange.answer(method == "OPTIONS" ? allowed_methods() : method_not_allowed());
        return;
    }
    const auto size = is_post ? 0 : parse_bandwidth_query(request.query, config_.bytes);
    if (!size) {
        exchange.answer(http::plain_response(400));
        return;
    }
    if (const auto wait = rate_.refuse_for(request.client, net::Clock::now())) {
        request.metrics.add(Counter::RefusedBandwidth);
        http::Response response = http::plain_response(429);
        response.extra_fields += "Retry-After: " + std::to_string(*wait) + "\r\n";
        exchange.answer(std::move(response));
        return;
    }
    request.metrics.add(Counter::BandwidthTransfers);
    if (is_post) {
        exchange.receive_body(config_.bytes, http::BodyBytes::Dropped,
                              std::make_unique<Upload>(exchange));
    } else {
        exchange.answer(download(*size));
    }
}

std::optional<http::Response> BandwidthService::upgrade(net::Connection& /*connection*/,
                                                        const http::UpgradeRequest& /*request*/) {
    return http::plain_response(400);
}

}  // namespace videochat::app
