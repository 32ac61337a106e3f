#include "app/media_services.hpp"

#include <stdexcept>
#include <utility>

#include "app/random_id.hpp"
#include "observe/log.hpp"
#include "stun/stun_server.hpp"
#include "stun/udp_socket.hpp"
#include "turn/coturn_config.hpp"

namespace videochat::app {

void MediaServices::start(std::uint16_t port) {
    if (config_.stun.enabled) open_stun(config_.stun.port != 0 ? config_.stun.port : port);
    if (config_.turn.enabled) start_turn();
}

void MediaServices::open_stun(std::uint16_t port) {
    try {
        stun_ = stun::open_udp(config_.listen.host, port);
        stun_port_ = port;
    } catch (const std::runtime_error& problem) {
        observe::log::warn("there will be no STUN", {{"reason", problem.what()}});
    }
}

void MediaServices::start_turn() {
    if (ice_.turn_secret.empty()) ice_.turn_secret = random_id() + random_id();
    turn_ = std::make_unique<turn::TurnSupervisor>(
        config_.turn,
        turn::TurnSupervisor::Facts{.secret = ice_.turn_secret,
                                    .host = config_.listen.host,
                                    .user_quota = turn::user_quota(config_.calls.capacity)});
    for (std::string& url : turn_->urls())
        ice_.turn_urls.push_back(std::move(url));
    turn_->start();
}

void MediaServices::serve(net::Loop& loop, observe::Metrics& metrics) {
    for (net::UniqueFd& socket : stun_) {
        auto box = std::make_shared<net::UniqueFd>(std::move(socket));
        loop.post([this, box, &loop, &metrics] {
            loop.adopt(
                    std::make_unique<stun::StunServer>(std::move(*box), config_.stun.rate, metrics))
                .start();
        });
    }
    stun_.clear();
}

void MediaServices::request_stop() {
    if (turn_) turn_->request_stop();
}

void MediaServices::stop() {
    if (turn_) turn_->stop();
}

std::string MediaServices::ice_servers_json(std::string_view seat, bool admitted,
                                            std::int64_t now) const {
    return app::ice_servers_json(ice_, stun_port_, seat, admitted, now);
}

// Without TURN the server is as well as ever, so it has no part in the status.
std::string MediaServices::health() const {
    if (!turn_) return {};
    return std::string("turn: ").append(turn::name_of(turn_->status())).append("\n");
}

}  // namespace videochat::app
