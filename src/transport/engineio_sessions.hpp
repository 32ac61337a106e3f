// EngineIoSessions: the sessions of one loop by their sid. Only the server makes sids, but clients
// ask for any: the lookup is an exact match in a map and nothing else.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>

namespace videochat::transport {

class EngineIoSession;

class EngineIoSessions {
  public:
    EngineIoSession* find(std::string_view sid) const {
        const auto found = by_sid_.find(std::string(sid));
        return found == by_sid_.end() ? nullptr : found->second;
    }
    void add(const std::string& sid, EngineIoSession& session) { by_sid_.emplace(sid, &session); }
    void remove(const std::string& sid) { by_sid_.erase(sid); }
    std::size_t size() const { return by_sid_.size(); }

  private:
    std::unordered_map<std::string, EngineIoSession*> by_sid_;
};

}  // namespace videochat::transport
