#include "videochat/core/seat.hpp"

#include <algorithm>

#include "core/json_text.hpp"

namespace videochat::core {

void Seat::tell(const EncodedEvent& event) {
    ++sent_;
    kept_.push_back(event.with_header(0));  // shared by all who are told
    kept_bytes_ += event.text().size();
    while (kept_.size() > kKeptFrames || kept_bytes_ > kKeptBytes) {
        kept_bytes_ -= kept_.front().size();
        kept_.pop_front();
    }
    tell_socket(event);
}

void Seat::tell_socket(const EncodedEvent& event) const {
    if (socket_ != nullptr) socket_->send(event);
}

void Seat::tell_error(std::string_view event, std::string_view code) {
    tell(EncodedEvent(
        {R"(["error",{"event":)", json_string(event), R"(,"code":")", code, R"("}])"}));
}

void Seat::refuse(std::string_view arguments, CallClose code) {
    if (socket_ == nullptr) return;
    socket_->send(EncodedEvent({R"(["refused",)", arguments, "]"}));
    socket_->end(code);
    socket_ = nullptr;
}

bool Seat::holds_all_after(std::optional<std::uint64_t> seen) const {
    return seen && *seen <= sent_ && sent_ - *seen <= kept_.size();
}

void Seat::replay_after(std::uint64_t seen) const {
    for (std::size_t i = kept_.size() - static_cast<std::size_t>(sent_ - seen); i < kept_.size();
         ++i) {
        socket_->send(EncodedEvent({kept_[i].view()}));
    }
}

void Seat::forget_frames() {
    sent_ = 0;
    kept_.clear();
    kept_bytes_ = 0;
}

bool Seat::was_told(std::string_view member) const {
    return std::ranges::find(told_, member) != told_.end();
}

bool Seat::has_heard_of(std::string_view seat) const {
    return std::ranges::find(heard_of_, seat) != heard_of_.end();
}

void Seat::hear_of(const std::string& seat) {
    constexpr std::size_t kRemembered = 64;
    heard_of_.push_back(seat);
    if (heard_of_.size() > kRemembered) heard_of_.pop_front();
}

bool equal_secrets(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    volatile unsigned difference = 0;  // so that no compiler stops at the first one
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto here = static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
        difference = difference | static_cast<unsigned>(here);
    }
    return difference == 0;
}

}  // namespace videochat::core
