#include "http/http_conversation.hpp"

#include <algorithm>
#include <utility>

#include "observe/log.hpp"
#include "protocol/request_target.hpp"

namespace videochat::http {
namespace {

using namespace std::chrono_literals;
using observe::Counter;

// After the last answer: time and bytes for the client to stop sending and read it.
constexpr auto kLinger = 1s;
constexpr std::size_t kLingerBytes = 64 * kKiB;

constexpr const char* kAllow = "Allow: GET, HEAD, OPTIONS\r\n";

Response method_not_allowed(const char* allow) {
    Response response = plain_response(405);
    response.extra_fields += allow;
    return response;
}

Response options_response() {
    Response response;
    response.status = 204;
    response.extra_fields = kAllow;
    response.no_body = true;
    return response;
}

Response moved_to(std::string location, std::string_view query) {
    if (!query.empty()) location.append("?").append(query);
    Response response = plain_response(308);
    response.extra_fields += "Location: " + location + "\r\n";
    return response;
}

Response busy_response(bool too_many = false) {
    Response response = plain_response(too_many ? 429 : 503);
    response.extra_fields += "Retry-After: 5\r\n";
    response.close = true;
    return response;
}

}  // namespace

HttpConversation::HttpConversation(net::Connection& connection, HttpContext& context,
                                   bool over_limit)
    : connection_(connection), context_(context), over_limit_(over_limit) {
    enter(Phase::FirstByte, context.limits.first_byte_timeout);
}

void HttpConversation::enter(Phase phase, Milliseconds timeout) {
    phase_ = phase;
    connection_.set_deadline(connection_.loop().now() + timeout);
}

std::size_t HttpConversation::on_bytes(std::span<char> bytes) {
    std::size_t used = 0;
    while (!connection_.is_over() && phase_ != Phase::Answer && phase_ != Phase::Upgraded &&
           used < bytes.size()) {
        const std::span<char> rest = bytes.subspan(used);
        const std::size_t step =
            phase_ == Phase::Body ? drop_body(rest.size()) : begin_request(rest);
        if (step == 0) break;
        used += step;
    }
    return used;
}

std::size_t HttpConversation::drop_body(std::size_t available) {
    const auto dropped = static_cast<std::size_t>(std::min<std::uint64_t>(available, body_left_));
    body_left_ -= dropped;
    if (body_left_ == 0) enter(Phase::Idle, context_.limits.keep_alive_timeout);
    return dropped;
}

// Returns how many bytes were used: 0 until the head is complete.
std::size_t HttpConversation::begin_request(std::span<char> bytes) {
    head_only_ = false;
    const HeadResult result =
        parse_request_head({bytes.data(), bytes.size()}, context_.limits, scan_, context_.request);
    if (result.outcome == HeadOutcome::NeedMore) {
        if (phase_ != Phase::Head) enter(Phase::Head, context_.limits.request_head_timeout);
        return 0;
    }
    scan_ = {};
    if (result.outcome == HeadOutcome::Refused) {
        refuse(result.status);
        return bytes.size();
    }
    const std::size_t size = context_.request.size;
    handle(bytes.subspan(size));
    return size;
}

void HttpConversation::handle(std::span<char> rest) {
    const RequestHead& request = context_.request;
    ++requests_;
    context_.metrics.add(Counter::RequestsServed);
    close_ = !request.keep_alive ||
             (context_.limits.requests_per_connection != 0 &&
              requests_ >= context_.limits.requests_per_connection) ||
             connection_.loop().is_stopping();
    head_only_ = request.method == Method::Head;
    if (over_limit_) {
        answer(busy_response(request.count("Upgrade") > 0));
        return;
    }
    if (!settle_body()) return;
    if (request.method_name == "CONNECT") {  // its target is no path
        answer(method_not_allowed(kAllow));
        return;
    }
    const auto target = protocol::parse_request_target(request.target, context_.path);
    if (target.outcome == protocol::TargetOutcome::Ok) {
        dispatch(target.path, target.query, rest);
    } else if (target.outcome == protocol::TargetOutcome::Asterisk &&
               request.method == Method::Options) {
        answer(options_response());
    } else {
        refuse(400);
    }
}

void HttpConversation::dispatch(std::string_view path, std::string_view query,
                                std::span<char> rest) {
    const auto inside = protocol::strip_base_path(path, context_.base_path);
    if (inside.outcome == protocol::BasePathOutcome::Outside) {
        answer(plain_response(404));
    } else if (inside.outcome == protocol::BasePathOutcome::MissingSlash) {
        answer(moved_to(context_.base_path + "/", query));
    } else if (const Upgrade* const target = context_.router.find_upgrade(inside.path)) {
        upgrade(*target, query, rest);
    } else {
        answer(respond(inside.path, query));
    }
}

// Nobody here wants a body: a small one is dropped, anything else ends the conversation.
bool HttpConversation::settle_body() {
    const RequestHead& request = context_.request;
    body_left_ = 0;
    if (request.body == BodyFraming::None) return true;
    const bool wanted = request.method != Method::Other;
    const bool small = request.body == BodyFraming::Length &&
                       request.content_length <= context_.limits.drained_body;
    if (!small) {
        context_.metrics.add(Counter::RefusedRequests);
        close_ = true;
        answer(wanted ? plain_response(413) : method_not_allowed(kAllow));
        return false;
    }
    body_left_ = request.content_length;
    // Who waits for "100 Continue" may never send the body: then nothing can be told apart.
    if (request.count("Expect") > 0) close_ = true;
    return true;
}

void HttpConversation::upgrade(const Upgrade& target, std::string_view query,
                               std::span<char> rest) {
    const RequestHead& request = context_.request;
    if (body_left_ > 0) {  // it would be taken for the other protocol's bytes
        refuse(400);
        return;
    }
    if (connection_.loop().is_stopping()) {
        answer(busy_response());
        return;
    }
    const protocol::IpAddress client = protocol::client_address(
        connection_.peer(), request.list("X-Forwarded-For"), context_.proxies);
    if (!connection_.ticket().assign(client)) {
        context_.metrics.add(Counter::RefusedPerAddress);
        answer(busy_response(true));
        return;
    }
    auto refusal = target(connection_, {request, query, client, rest, context_.metrics});
    if (!refusal) {
        phase_ = Phase::Upgraded;
        return;
    }
    context_.metrics.add(Counter::RefusedRequests);
    answer(std::move(*refusal));
}

Response HttpConversation::respond(std::string_view path, std::string_view query) {
    const RequestHead& head = context_.request;
    switch (head.method) {
        case Method::Options:
            return options_response();
        case Method::Other:
            return method_not_allowed(kAllow);
        case Method::Get:
        case Method::Head:
            break;
    }
    const Request request{.method = head.method,
                          .path = path,
                          .query = query,
                          .target = head.target,
                          .if_none_match = head.value("If-None-Match"),
                          .if_modified_since = head.value("If-Modified-Since"),
                          .range = head.value("Range"),
                          .if_range = head.value("If-Range"),
                          .accept_encoding = head.value("Accept-Encoding")};
    return context_.router.find(path)(request);
}

void HttpConversation::refuse(unsigned status) {
    context_.metrics.add(Counter::RefusedRequests);
    observe::log::debug("request refused", {{"status", status}});
    close_ = true;
    answer(plain_response(status));
}

void HttpConversation::answer(Response response) {
    close_ = close_ || response.close;
    const bool body = !head_only_ && !response.no_body;
    std::string head = context_.head.begin(response, !close_, context_.request.minor_version == 0);
    if (response.fields.empty()) head += "\r\n";
    connection_.send(core::Frame::copy_of(head));
    if (!response.fields.empty()) {
        connection_.send(std::move(response.fields));
        connection_.send(core::Frame::of_static("\r\n"));
    }
    if (body && response.source != nullptr) {
        source_ = std::move(response.source);
        source_left_ = response.content_length;
        connection_.buffer_little();
    } else if (body) {
        connection_.send(std::move(response.body));
    }
    enter(Phase::Answer, context_.limits.response_timeout);
    connection_.flush_now();
    if (!connection_.is_over() && phase_ == Phase::Answer) connection_.pause_reading();
}

void HttpConversation::on_drained() {
    if (phase_ != Phase::Answer) return;
    if (source_left_ == 0) {
        end_answer();
        return;
    }
    core::Frame next = source_->next();
    if (next.empty() || next.size() > source_left_) {
        connection_.cut();  // the file changed under us: a short body must not look whole
        return;
    }
    source_left_ -= next.size();
    connection_.send(std::move(next));
}

void HttpConversation::end_answer() {
    source_.reset();
    if (close_) {
        connection_.finish(kLinger, kLingerBytes);
        return;
    }
    if (body_left_ > 0) {
        enter(Phase::Body, context_.limits.response_timeout);
    } else {
        enter(Phase::Idle, context_.limits.keep_alive_timeout);
    }
    connection_.resume_reading();
}

void HttpConversation::on_end() {
    // With an answer in work nothing is read, so this is the end of an idle client, or of one that
    // will never complete its request.
    connection_.cut();
}

void HttpConversation::on_due(net::TimePoint now) {
    switch (phase_) {
        case Phase::Answer: {
            const auto stalled = connection_.last_write() + context_.limits.response_timeout;
            if (stalled > now) {
                connection_.set_deadline(stalled);
                return;
            }
            break;
        }
        case Phase::Head:
            context_.metrics.add(Counter::RequestTimeouts);
            refuse(408);
            return;
        case Phase::FirstByte:
        case Phase::Body:
        case Phase::Idle:
        case Phase::Upgraded:
            break;
    }
    if (phase_ != Phase::Idle) context_.metrics.add(Counter::RequestTimeouts);
    connection_.cut();
}

void HttpConversation::on_stop() {
    if (phase_ == Phase::Answer) {
        close_ = true;
    } else if (phase_ != Phase::Head) {  // who has begun to ask is still answered
        connection_.cut();
    }
}

}  // namespace videochat::http
