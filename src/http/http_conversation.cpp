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
                                   bool over_limit, std::optional<std::uint32_t> requests)
    : connection_(connection),
      context_(context),
      requests_(requests.value_or(0)),
      over_limit_(over_limit) {
    if (requests) {  // it has come with a head, which is answered even if the server stops now
        enter(Phase::Head, context.limits.request_head_timeout);
    } else {
        enter(Phase::FirstByte, context.limits.first_byte_timeout);
    }
}

void HttpConversation::enter(Phase phase, Milliseconds timeout) {
    phase_ = phase;
    connection_.set_deadline(connection_.loop().now() + timeout);
}

std::size_t HttpConversation::on_bytes(std::span<char> bytes) {
    std::size_t used = 0;
    const auto is_reading = [this] {
        return phase_ != Phase::Answer && phase_ != Phase::Wait && phase_ != Phase::Upgraded;
    };
    while (!connection_.is_over() && is_reading() && used < bytes.size()) {
        const std::span<char> rest = bytes.subspan(used);
        std::size_t step = 0;
        if (phase_ == Phase::Body) {
            step = drop_body(rest.size());
        } else if (phase_ == Phase::Receive) {
            step = receive(rest);
        } else {
            step = begin_request(rest);
        }
        if (step == 0) break;
        used += step;
    }
    // While an answer is waited for, reading goes on to see the client leave; but not to hoard
    // requests.
    if (phase_ == Phase::Wait && used < bytes.size()) connection_.pause_reading();
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
    is_http_1_0_ = context_.request.minor_version == 0;
    if (result.outcome == HeadOutcome::Refused) {
        refuse(result.status);
        return bytes.size();
    }
    const Address address = find_address();
    if (!over_limit_ && relocate(address, bytes)) return bytes.size();
    const std::size_t size = context_.request.size;
    handle(address, bytes.subspan(size));
    return size;
}

HttpConversation::Address HttpConversation::find_address() {
    Address address;
    if (context_.request.method_name == "CONNECT") return address;  // its target is no path
    address.target = protocol::parse_request_target(context_.request.target, context_.path);
    if (address.target.outcome == protocol::TargetOutcome::Ok) {
        address.inside = protocol::strip_base_path(address.target.path, context_.base_path);
    }
    return address;
}

// What belongs together lives on one loop: the connection goes there before anything is said.
bool HttpConversation::relocate(const Address& address, std::span<char> bytes) {
    if (address.inside.outcome != protocol::BasePathOutcome::Inside) return false;
    std::optional<std::size_t> home;
    if (const auto* const target = context_.router.find_upgrade(address.inside.path)) {
        home = target->home(address.target.query);
    } else if (const Service* const service = context_.router.find_service(address.inside.path)) {
        home = service->home_of(address.target.query);
    }
    if (!home) return false;
    phase_ = Phase::Upgraded;
    context_.relocate(*home, connection_.release(), {bytes.data(), bytes.size()}, requests_);
    return true;
}

void HttpConversation::handle(const Address& address, std::span<char> rest) {
    const RequestHead& request = context_.request;
    ++requests_;
    context_.metrics.add(Counter::RequestsServed);
    close_ = !request.keep_alive ||
             (context_.limits.requests_per_connection != 0 &&
              requests_ >= context_.limits.requests_per_connection) ||
             connection_.loop().is_stopping();
    head_only_ = request.method == Method::Head;
    body_left_ = 0;
    body_unread_ = false;
    if (over_limit_) {
        reply(busy_response(request.count("Upgrade") > 0));
        return;
    }
    if (address.inside.outcome == protocol::BasePathOutcome::Inside) {
        if (Service* const service = context_.router.find_service(address.inside.path)) {
            serve(*service, address, rest);
            return;
        }
    }
    if (!settle_body()) return;
    if (request.method_name == "CONNECT") {
        reply(method_not_allowed(kAllow));
        return;
    }
    if (address.target.outcome == protocol::TargetOutcome::Ok) {
        dispatch(address, rest);
    } else if (address.target.outcome == protocol::TargetOutcome::Asterisk &&
               request.method == Method::Options) {
        reply(options_response());
    } else {
        refuse(400);
    }
}

void HttpConversation::dispatch(const Address& address, std::span<char> rest) {
    const auto& [inside, target] = address;
    if (inside.outcome == protocol::BasePathOutcome::Outside) {
        reply(plain_response(404));
    } else if (inside.outcome == protocol::BasePathOutcome::MissingSlash) {
        reply(moved_to(context_.base_path + "/", target.query));
    } else if (const auto* const taker = context_.router.find_upgrade(inside.path)) {
        upgrade(taker->take_over, target.query, rest);
    } else {
        reply(respond(inside.path, target.query));
    }
}

// ---- Services

void HttpConversation::serve(Service& service, const Address& address, std::span<char> rest) {
    const RequestHead& request = context_.request;
    if (request.has_token("Upgrade", "websocket")) {
        if (!settle_body()) return;
        upgrade(
            [&service](net::Connection& connection, const UpgradeRequest& asked) {
                return service.upgrade(connection, asked);
            },
            address.target.query, rest);
        return;
    }
    // If the service does not ask for the body: a small one is dropped behind the answer.
    const bool is_dropped = is_body_small() && request.count("Expect") == 0;
    if (is_dropped) body_left_ = request.content_length;
    body_unread_ = request.body != BodyFraming::None && !is_dropped;
    phase_ = Phase::Wait;
    connection_.clear_deadline();
    call_service([&] {
        service.serve(*this, {.head = request,
                              .path = address.inside.path,
                              .query = address.target.query,
                              .client = client(),
                              .metrics = context_.metrics});
    });
    const bool is_complete =
        phase_ == Phase::Receive && !incoming_->chunked && incoming_->left == 0;
    if (is_complete) deliver_body();
}

// What is answered meanwhile goes behind the call: one of its methods may be on the stack.
template <typename Call>
void HttpConversation::call_service(Call&& call) {
    in_service_ = true;
    call();
    in_service_ = false;
    spent_.reset();
}

void HttpConversation::wait(std::unique_ptr<Pending> pending) { pending_ = std::move(pending); }

void HttpConversation::receive_body(std::size_t limit, std::unique_ptr<Pending> pending) {
    const RequestHead& request = context_.request;
    pending_ = std::move(pending);
    body_unread_ = false;
    body_left_ = 0;
    if (request.body == BodyFraming::Length && request.content_length > limit) {
        refuse(413);
        return;
    }
    incoming_ = std::make_unique<Incoming>();
    incoming_->limit = limit;
    if (request.body == BodyFraming::Chunked) {
        incoming_->chunked.emplace();
    } else {
        incoming_->left = request.content_length;
    }
    if (request.has_token("Expect", "100-continue") && !is_http_1_0_) {
        connection_.send(core::Frame::of_static("HTTP/1.1 100 Continue\r\n\r\n"));
    }
    enter(Phase::Receive, context_.limits.body_timeout);
}

std::size_t HttpConversation::receive(std::span<char> bytes) {
    const std::string_view arrived(bytes.data(), bytes.size());
    if (!incoming_->chunked) {
        const auto size =
            static_cast<std::size_t>(std::min<std::uint64_t>(arrived.size(), incoming_->left));
        incoming_->left -= size;
        incoming_->bytes += arrived.substr(0, size);
        if (incoming_->left == 0) deliver_body();
        return size;
    }
    const ChunkedBody::Step step = incoming_->chunked->next(arrived);
    if (step.status == ChunkedBody::Status::Error) {
        refuse(400);
        return bytes.size();
    }
    if (step.data.size() > incoming_->limit - incoming_->bytes.size()) {
        refuse(413);
        return bytes.size();
    }
    incoming_->bytes += step.data;
    if (step.status == ChunkedBody::Status::Done) deliver_body();
    return step.consumed;
}

void HttpConversation::deliver_body() {
    const auto whole = std::move(incoming_);
    phase_ = Phase::Wait;
    connection_.clear_deadline();
    call_service([&] { pending_->on_body(whole->bytes); });
}

void HttpConversation::answer(Response response) {
    if (body_unread_ || incoming_ != nullptr) close_ = true;
    spent_ = std::move(pending_);
    reply(std::move(response));
}

protocol::IpAddress HttpConversation::client() const {
    return protocol::client_address(connection_.peer(), context_.request.list("X-Forwarded-For"),
                                    context_.proxies);
}

bool HttpConversation::is_body_small() const {
    return context_.request.body == BodyFraming::Length &&
           context_.request.content_length <= context_.limits.drained_body;
}

// Nobody here wants a body: a small one is dropped, anything else ends the conversation.
bool HttpConversation::settle_body() {
    const RequestHead& request = context_.request;
    if (request.body == BodyFraming::None) return true;
    const bool wanted = request.method != Method::Other;
    if (!is_body_small()) {
        context_.metrics.add(Counter::RefusedRequests);
        close_ = true;
        reply(wanted ? plain_response(413) : method_not_allowed(kAllow));
        return false;
    }
    body_left_ = request.content_length;
    // Who waits for "100 Continue" may never send the body: then nothing can be told apart.
    if (request.count("Expect") > 0) close_ = true;
    return true;
}

template <typename TakeOver>
void HttpConversation::upgrade(TakeOver&& take_over, std::string_view query, std::span<char> rest) {
    if (body_left_ > 0) {  // it would be taken for the other protocol's bytes
        refuse(400);
        return;
    }
    if (connection_.loop().is_stopping()) {
        reply(busy_response());
        return;
    }
    const protocol::IpAddress from = client();
    if (!connection_.ticket().assign(from)) {
        context_.metrics.add(Counter::RefusedPerAddress);
        reply(busy_response(true));
        return;
    }
    auto refusal = take_over(connection_,
                             UpgradeRequest{context_.request, query, from, rest, context_.metrics});
    if (!refusal) {
        phase_ = Phase::Upgraded;
        return;
    }
    context_.metrics.add(Counter::RefusedRequests);
    reply(std::move(*refusal));
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
    spent_ = std::move(pending_);
    reply(plain_response(status));
}

void HttpConversation::reply(Response response) {
    incoming_.reset();
    close_ = close_ || response.close;
    const bool body = !head_only_ && !response.no_body;
    std::string head = context_.head.begin(response, !close_, is_http_1_0_);
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
    const bool is_late = (phase_ == Phase::Wait || phase_ == Phase::Receive) && !in_service_;
    enter(Phase::Answer, context_.limits.response_timeout);
    if (is_late) {  // on somebody else's stack: the loop writes it at the end of the turn
        connection_.pause_reading();
        return;
    }
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
    if (!in_service_) spent_.reset();
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
    // will never complete its request or waits no more.
    connection_.cut();
    pending_.reset();
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
        case Phase::Receive:
            context_.metrics.add(Counter::RequestTimeouts);
            refuse(408);
            return;
        case Phase::Wait:
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
    switch (phase_) {
        case Phase::Answer:
        case Phase::Wait:
        case Phase::Receive:
            close_ = true;
            return;
        case Phase::Head:  // who has begun to ask is still answered
            return;
        case Phase::FirstByte:
        case Phase::Body:
        case Phase::Idle:
        case Phase::Upgraded:
            connection_.cut();
    }
}

}  // namespace videochat::http
