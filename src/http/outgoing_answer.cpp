#include "http/outgoing_answer.hpp"

#include <utility>

namespace videochat::http {

void OutgoingAnswer::begin(net::Connection& connection, std::string head, Response response,
                           bool with_body) {
    if (response.fields.empty()) head += "\r\n";
    connection.send(core::Frame::copy_of(head));
    if (!response.fields.empty()) {
        connection.send(std::move(response.fields));
        connection.send(core::Frame::of_static("\r\n"));
    }
    if (!with_body || response.no_body) return;
    if (response.source != nullptr) {
        source_ = std::move(response.source);
        left_ = response.content_length;
        connection.buffer_little();
    } else {
        connection.send(std::move(response.body));
    }
}

OutgoingAnswer::Progress OutgoingAnswer::proceed(net::Connection& connection) {
    if (left_ == 0) {
        source_.reset();
        return Progress::Done;
    }
    core::Frame next = source_->next();
    if (next.empty() || next.size() > left_) return Progress::Broken;
    left_ -= next.size();
    connection.send(std::move(next));
    return Progress::More;
}

}  // namespace videochat::http
