#include "observe/metrics.hpp"

namespace videochat::observe {
namespace {

struct Row {
    Counter counter;
    const char* name;
};

constexpr std::array<Row, static_cast<std::size_t>(Counter::kCount)> kNames{{
    {Counter::ConnectionsAccepted, "connections_accepted"},
    {Counter::RefusedConnections, "refused_connections"},
    {Counter::RefusedPerAddress, "refused_per_address"},
    {Counter::RefusedConnectRate, "refused_connect_rate"},
    {Counter::AcceptPaused, "accept_paused"},
    {Counter::TlsHandshakes, "tls_handshakes"},
    {Counter::TlsFailures, "tls_failures"},
    {Counter::RequestsServed, "requests_served"},
    {Counter::RefusedRequests, "refused_requests"},
    {Counter::RefusedOrigins, "refused_origins"},
    {Counter::RefusedRooms, "refused_rooms"},
    {Counter::RequestTimeouts, "request_timeouts"},
    {Counter::WebsocketsOpened, "websockets_opened"},
    {Counter::WebsocketsClosed, "websockets_closed"},
    {Counter::MessagesReceived, "messages_received"},
    {Counter::FramesQueued, "frames_queued"},
    {Counter::ClosedProtocolError, "closed_protocol_error"},
    {Counter::ClosedUnsupported, "closed_unsupported"},
    {Counter::ClosedInvalidData, "closed_invalid_data"},
    {Counter::ClosedPolicy, "closed_policy"},
    {Counter::ClosedTooBig, "closed_too_big"},
    {Counter::ClosedRate, "closed_rate"},
    {Counter::ClosedSlow, "closed_slow"},
    {Counter::DeadPeers, "dead_peers"},
    {Counter::ReadsPaused, "reads_paused"},
    {Counter::SessionsOpened, "sessions_opened"},
    {Counter::SessionsClosed, "sessions_closed"},
    {Counter::SessionsFailed, "sessions_failed"},
    {Counter::SessionsRecovered, "sessions_recovered"},
    {Counter::RefusedSessions, "refused_sessions"},
    {Counter::ConnectTimeouts, "connect_timeouts"},
    {Counter::PostsReceived, "posts_received"},
    {Counter::UpgradesFinished, "upgrades_finished"},
    {Counter::UpgradesFailed, "upgrades_failed"},
    {Counter::RefusedCalls, "refused_calls"},
    {Counter::NotAdmitted, "not_admitted"},
    {Counter::UnknownEvents, "unknown_events"},
    {Counter::BandwidthTransfers, "bandwidth_transfers"},
    {Counter::RefusedBandwidth, "refused_bandwidth"},
    {Counter::StunAnswers, "stun_answers"},
    {Counter::StunRefusedAttributes, "stun_refused_attributes"},
    {Counter::StunRefusedRate, "stun_refused_rate"},
    {Counter::StunIgnored, "stun_ignored"},
    {Counter::StunUnsent, "stun_unsent"},
    {Counter::Exceptions, "exceptions"},
}};

// The table is indexed by the counter: same length by its type, same order by this check.
constexpr bool is_complete() {
    for (std::size_t i = 0; i < kNames.size(); ++i) {
        if (static_cast<std::size_t>(kNames[i].counter) != i || kNames[i].name == nullptr)
            return false;
    }
    return true;
}
static_assert(is_complete(), "one row for each counter, in the order of the enumeration");

}  // namespace

const char* name_of(Counter counter) { return kNames.at(static_cast<std::size_t>(counter)).name; }

}  // namespace videochat::observe
