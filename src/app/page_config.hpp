// PageConfig: what our pages are told of this server (GET /config.json): its limits, what it can
// do, and under which addresses others reach it, so that no invitation says "localhost". One for
// each loop, used there.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "app/ice_servers.hpp"
#include "app/network_links.hpp"
#include "http/message.hpp"
#include "videochat/config.hpp"

namespace videochat::app {

/// Who knows what the configuration does not say. All may be called on any loop.
struct PageFacts {
    std::function<Presence()> presence;
    std::function<IceFeatures()> ice;
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

class PageConfig {
  public:
    /// `config` outlives this object.
    PageConfig(const Config& config, PageFacts facts);

    /// JSON, never to be kept: a laptop changes its network.
    http::Response answer(const http::Request& request);

    /// Under which URLs others reach this server, the best first, without a slash at the end. Empty
    /// if there are none, or if somebody stands between us and who asks. Valid until the next call.
    const std::vector<std::string>& origins(const http::Request& request);

    /// How long what the system has told of its addresses is believed.
    static constexpr std::chrono::seconds kFresh{2};

  private:
    void refresh();

    const Config& config_;
    PageFacts facts_;
    std::string limits_;                ///< members of the JSON object that never change
    std::vector<std::string> origins_;  ///< of the last refresh()
    std::chrono::steady_clock::time_point asked_{};
};

}  // namespace videochat::app
