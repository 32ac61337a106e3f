// Longer than most files: the phases of a request hand over to one another, on the same members.
#include "http/http_conversation.hpp"

#include <algorithm>
#include <utility>

#include "http/standard_responses.hpp"
#include "observe/log.hpp"

namespace videochat::http {
namespace {

using namespace std::chrono_literals;
using observe::Counter;

// After the last answer: time and bytes for the client to stop sending and read it.
constexpr auto kLinger = 1s;
constexpr std::size_t kLingerBytes = 64 * kKiB;

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

void HttpConversation::on_handshake() { enter(Phase::Handshake, context_.tls_handshake_timeout); }

void HttpConversation::on_secured() { enter(Phase::FirstByte, context_.limits.first_byte_timeout); }

std::size_t HttpConversation::on_bytes(std::span<char> bytes) {
    std::size_t used = 0;
    const auto is_reading = [this] {
        return !connection_.is_over() && !is_answer_due() && phase_ != Phase::Upgraded;
    };
    while (is_reading() && used < bytes.size()) {
        const std::span<char> rest = bytes.subspan(used);
        std::size_t step = 0;
        if (phase_ == Phase::Body) {
            step = drop_unwanted(rest.size());
        } else if (phase_ == Phase::Receive) {
            step = receive(rest);
        } else {
            step = begin_request(rest);
        }
        if (step == 0) break;
        used += step;
    }
    // Until the answer has gone, reading goes on to see the client leave; but not to hoard
    // requests. It pauses nowhere else: on another's stack, bytes of this connection may be on
    // their way.
    if (is_answer_due() && used < bytes.size()) connection_.pause_reading();
    return used;
}

bool HttpConversation::is_answer_due() const {
    return phase_ == Phase::Wait || phase_ == Phase::Answer;
}

std::size_t HttpConversation::drop_unwanted(std::size_t available) {
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
    const RequestAddress address =
        find_address(context_.request, context_.base_path, context_.path);
    if (!over_limit_ && relocate(address, bytes)) return bytes.size();
    const std::size_t size = context_.request.size;
    handle(address, bytes.subspan(size));
    return size;
}

// What belongs together lives on one loop: the connection goes there before anything is said.
bool HttpConversation::relocate(const RequestAddress& address, std::span<char> bytes) {
    if (!address.is_inside()) return false;
    const auto home = context_.router.home_of(address.inside.path, address.target.query);
    if (!home) return false;
    phase_ = Phase::Upgraded;
    context_.relocate(*home, connection_.release(), {bytes.data(), bytes.size()}, requests_);
    return true;
}

void HttpConversation::handle(const RequestAddress& address, std::span<char> rest) {
    take_note();
    Service* const service =
        address.is_inside() ? context_.router.find_service(address.inside.path) : nullptr;
    auto early = context_.router.early_answer(context_.request, address);
    if (over_limit_) {
        reply(busy_response(context_.request.count("Upgrade") > 0));
    } else if (early) {
        if (settle_body()) reply(std::move(*early));
    } else if (service != nullptr) {
        serve(*service, address, rest);
    } else if (settle_body()) {
        dispatch(address, rest);
    }
}

// What the answer needs: by then the head may be another request's.
void HttpConversation::take_note() {
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
}

void HttpConversation::dispatch(const RequestAddress& address, std::span<char> rest) {
    const RequestHead& request = context_.request;
    const auto& [target, inside] = address;
    if (request.method_name == "CONNECT") {
        reply(method_not_allowed());
    } else if (target.outcome == protocol::TargetOutcome::Asterisk &&
               request.method == Method::Options) {
        reply(options_response());
    } else if (target.outcome != protocol::TargetOutcome::Ok) {
        refuse(400);
    } else if (inside.outcome == protocol::BasePathOutcome::Outside) {
        reply(plain_response(404));
    } else if (inside.outcome == protocol::BasePathOutcome::MissingSlash) {
        reply(moved_to(context_.base_path + "/", target.query));
    } else if (const auto* const taker = context_.router.find_upgrade(inside.path)) {
        upgrade(taker->take_over, target.query, rest);
    } else {
        reply(context_.router.answer(request, inside.path, target.query, arrival()));
    }
}

// ---- Services

void HttpConversation::serve(Service& service, const RequestAddress& address,
                             std::span<char> rest) {
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
    if (phase_ == Phase::Receive && incoming_->status() == IncomingBody::Status::Whole) {
        deliver_body();  // there is none
    }
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

void HttpConversation::receive_body(std::size_t limit, BodyBytes bytes,
                                    std::unique_ptr<Pending> pending) {
    const RequestHead& request = context_.request;
    pending_ = std::move(pending);
    body_unread_ = false;
    body_left_ = 0;
    incoming_ = std::make_unique<IncomingBody>(request, limit, bytes);
    if (incoming_->status() == IncomingBody::Status::TooLarge) {
        refuse(413);
        return;
    }
    if (request.body != BodyFraming::None && !is_http_1_0_ &&
        request.has_token("Expect", "100-continue")) {
        connection_.send(core::Frame::of_static("HTTP/1.1 100 Continue\r\n\r\n"));
    }
    enter(Phase::Receive, context_.limits.body_timeout);
}

std::size_t HttpConversation::receive(std::span<char> bytes) {
    const std::size_t used = incoming_->take({bytes.data(), bytes.size()});
    switch (incoming_->status()) {
        case IncomingBody::Status::NeedMore:
            return used;
        case IncomingBody::Status::Whole:
            deliver_body();
            return used;
        case IncomingBody::Status::Malformed:
            refuse(400);
            break;
        case IncomingBody::Status::TooLarge:
            refuse(413);
            break;
    }
    return bytes.size();
}

void HttpConversation::deliver_body() {
    const auto whole = std::move(incoming_);
    phase_ = Phase::Wait;
    connection_.clear_deadline();
    call_service([&] {
        if (whole->is_dropped()) {
            pending_->on_dropped(whole->size());
        } else {
            pending_->on_body(whole->bytes());
        }
    });
}

void HttpConversation::answer(Response response) {
    if (phase_ != Phase::Wait && phase_ != Phase::Receive) return;  // refused meanwhile
    const bool is_arriving =
        incoming_ != nullptr && incoming_->status() == IncomingBody::Status::NeedMore;
    if (body_unread_ || is_arriving) close_ = true;
    spent_ = std::move(pending_);
    reply(std::move(response));
}

Arrival HttpConversation::arrival() const {
    const auto is_peer = [this](const protocol::Cidr& proxy) {
        return proxy.contains(connection_.peer());
    };
    return {.secure = connection_.is_secure(),
            .from_proxy = std::ranges::any_of(context_.proxies, is_peer),
            .https_port = connection_.https_port()};
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
        reply(wanted ? plain_response(413) : method_not_allowed());
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

void HttpConversation::refuse(unsigned status) {
    context_.metrics.add(Counter::RefusedRequests);
    observe::log::debug("request refused", {{"status", status}});
    close_ = true;
    spent_ = std::move(pending_);
    reply(plain_response(status));
    if (!in_service_) spent_.reset();  // before it thinks of an answer of its own
}

void HttpConversation::reply(Response response) {
    incoming_.reset();
    close_ = close_ || response.close;
    std::string head =
        context_.head.begin(response, !close_, is_http_1_0_, connection_.is_secure());
    outgoing_.begin(connection_, std::move(head), std::move(response), !head_only_);
    // On somebody else's stack, the loop writes it at the end of the turn.
    const bool is_late = (phase_ == Phase::Wait || phase_ == Phase::Receive) && !in_service_;
    enter(Phase::Answer, context_.limits.response_timeout);
    if (!is_late) connection_.flush_now();
}

void HttpConversation::on_drained() {
    if (phase_ != Phase::Answer) return;
    switch (outgoing_.proceed(connection_)) {
        case OutgoingAnswer::Progress::Done:
            end_answer();
            return;
        case OutgoingAnswer::Progress::Broken:
            connection_.cut();
            return;
        case OutgoingAnswer::Progress::More:
            return;
    }
}

void HttpConversation::end_answer() {
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
    connection_.resume_reading();  // last: an upgrade that it shows replaces this conversation
}

void HttpConversation::on_end() {
    if (phase_ == Phase::Answer) {  // it may have ended only its own side
        close_ = true;
        return;
    }
    // An idle client, or one that will never complete its request or waits no more.
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
        case Phase::Handshake:
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
        case Phase::Handshake:
        case Phase::Body:
        case Phase::Idle:
        case Phase::Upgraded:
            connection_.cut();
    }
}

}  // namespace videochat::http
