#include "transport/absent_peer.hpp"

#include <utility>

namespace videochat::transport {

void AbsentPeers::add(net::Loop& loop, std::unique_ptr<SocketIoPeer> peer,
                      const RecoveryConfig& config) {
    if (config.sessions != 0 && by_pid_.size() >= config.sessions) return;
    peer->suspend();
    AbsentPeer& absent = loop.adopt(std::make_unique<AbsentPeer>(*this, std::move(peer)));
    loop.set_deadline(absent, loop.now() + config.duration);
}

std::unique_ptr<SocketIoPeer> AbsentPeers::take(const std::string& pid, std::string_view room,
                                                std::string_view offset) {
    const auto found = by_pid_.find(pid);
    if (found == by_pid_.end()) return nullptr;
    AbsentPeer& absent = *found->second;
    const bool is_same_room = absent.peer_->room().name() == room;
    if (!is_same_room || !absent.peer_->history().since(offset)) return nullptr;
    by_pid_.erase(found);
    absent.loop().retire(absent);
    return std::move(absent.peer_);
}

AbsentPeer::AbsentPeer(AbsentPeers& all, std::unique_ptr<SocketIoPeer> peer)
    : all_(all), peer_(std::move(peer)) {
    all_.by_pid_.emplace(peer_->pid(), this);
}

AbsentPeer::~AbsentPeer() {
    if (peer_ != nullptr) all_.by_pid_.erase(peer_->pid());
}

void AbsentPeer::on_due(net::TimePoint /*now*/) { loop().retire(*this); }

void AbsentPeer::abandon() noexcept { loop().retire(*this); }

}  // namespace videochat::transport
