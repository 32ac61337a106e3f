// What a refusal at one of the gates is counted as.
#pragma once

#include "net/connection_gate.hpp"
#include "observe/metrics.hpp"

namespace videochat::app {

inline observe::Counter counter_of(net::Admission refusal) {
    switch (refusal) {
        case net::Admission::PerAddress:
            return observe::Counter::RefusedPerAddress;
        case net::Admission::TooFast:
            return observe::Counter::RefusedConnectRate;
        case net::Admission::Full:
        case net::Admission::Ok:
            break;
    }
    return observe::Counter::RefusedConnections;
}

}  // namespace videochat::app
