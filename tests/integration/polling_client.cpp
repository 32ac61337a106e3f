#include "integration/polling_client.hpp"

#include <stdexcept>

namespace videochat::test {

Answer read_answer(RawClient& client) {
    const std::string response = client.read_response();
    const std::size_t split = response.find("\r\n\r\n");
    if (response.size() < 12 || split == std::string::npos) {
        throw std::runtime_error("no response: " + response);
    }
    return {response.substr(9, 3), response.substr(0, split + 2), response.substr(split + 4)};
}

std::string sid_in(std::string_view text) {
    constexpr std::string_view kKey = "\"sid\":\"";
    const std::size_t key = text.find(kKey);
    if (key == std::string_view::npos) throw std::runtime_error("no sid: " + std::string(text));
    const std::string_view rest = text.substr(key + kKey.size());
    return std::string(rest.substr(0, rest.find('"')));
}

PollingClient::PollingClient(std::uint16_t port, int version, std::string_view parameters)
    : query_("/socket.io/?EIO=" + std::to_string(version) + "&transport=polling"),
      get_(port),
      post_(port) {
    query_ += parameters;
    begin_poll();
    greeting_ = end_poll().body;
    sid_ = sid_in(greeting_);
    query_ += "&sid=" + sid_;
}

std::string PollingClient::connect(std::string_view data) {
    post(std::string("40").append(data));
    return poll();
}

void PollingClient::begin_poll() { get_.send("GET " + query_ + " HTTP/1.1\r\nHost: x\r\n\r\n"); }

std::string PollingClient::poll() {
    begin_poll();
    return end_poll().body;
}

Answer PollingClient::post(std::string_view body, std::string_view type) {
    post_.send("POST " + query_ + " HTTP/1.1\r\nHost: x\r\nContent-Type: " + std::string(type) +
               "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
               std::string(body));
    return read_answer(post_);
}

std::string PollingClient::upgrade_target() const {
    std::string target = query_;
    const std::size_t at = target.find("polling");
    return target.replace(at, 7, "websocket");
}

}  // namespace videochat::test
