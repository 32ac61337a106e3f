#include "tls/certificate_keeper.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <exception>
#include <system_error>
#include <utility>

#include "observe/log.hpp"
#include "tls/real_certificates.hpp"

namespace videochat::tls {
namespace {

namespace log = observe::log;

std::unique_ptr<CertificateSource> source_of(const TlsConfig& config, Surroundings surroundings) {
    if (config.certificates.empty()) {
        return std::make_unique<OwnCertificate>(config, std::move(surroundings));
    }
    return std::make_unique<RealCertificates>(config, std::move(surroundings));
}

net::UniqueFd new_event() {
    net::UniqueFd event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!event) throw std::system_error(errno, std::generic_category(), "eventfd");
    return event;
}

}  // namespace

CertificateKeeper::CertificateKeeper(const TlsConfig& config, Hooks hooks)
    : source_(source_of(config, std::move(hooks.surroundings))),
      look_interval_(hooks.look_interval),
      gathering_(hooks.gathering),
      event_(new_event()) {
    publish();
    thread_ = std::thread([this] { run(); });
}

CertificateKeeper::~CertificateKeeper() {
    is_ending_ = true;
    wake();
    thread_.join();
}

CertificateKeeper::Snapshot CertificateKeeper::current() const {
    const std::lock_guard lock(mutex_);
    return current_;
}

void CertificateKeeper::reload() {
    is_reload_wanted_ = true;
    wake();
}

void CertificateKeeper::wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(event_.get(), &one, sizeof one);
}

// Until the moment, or earlier because there is something to do: whether addresses have changed.
bool CertificateKeeper::wait_until(Clock::time_point moment) const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(moment - Clock::now());
    const int timeout = static_cast<int>(std::max<std::chrono::milliseconds::rep>(left.count(), 0));
    std::array<pollfd, 2> entries{{{event_.get(), POLLIN, 0}, {watch_.fd(), POLLIN, 0}}};
    if (::poll(entries.data(), entries.size(), timeout) <= 0) return false;
    std::uint64_t count = 0;
    [[maybe_unused]] const auto size = ::read(event_.get(), &count, sizeof count);
    const bool has_new_addresses = entries[1].revents != 0;
    if (has_new_addresses) watch_.drain();
    return has_new_addresses;
}

void CertificateKeeper::run() {
    auto next_look = Clock::now() + look_interval_;
    auto addresses_due = Clock::time_point::max();
    while (!is_ending_) {
        const bool has_new_addresses = wait_until(std::min(next_look, addresses_due));
        const auto now = Clock::now();
        if (is_reload_wanted_.exchange(false)) look(Occasion::Reload);
        // The first of a burst starts the time, so that an endless one is not waited for.
        if (has_new_addresses) addresses_due = std::min(addresses_due, now + gathering_);
        if (now >= addresses_due) {
            addresses_due = Clock::time_point::max();
            look(Occasion::Addresses);
        }
        if (now < next_look) continue;
        next_look = now + look_interval_;
        look(Occasion::Tick);
        if (watch_.fd() < 0) look(Occasion::Addresses);
    }
}

void CertificateKeeper::look(Occasion occasion) {
    if (!source_->look(occasion)) return;
    try {
        publish();
        log::info("another certificate is in use", {{"sha256", current().facts->leaf_sha256}});
    } catch (const std::exception& problem) {
        log::error("the certificate stays as it is", {{"reason", problem.what()}});
    }
}

void CertificateKeeper::publish() {
    Snapshot fresh{std::make_shared<const TlsContext>(source_->identities()),
                   std::make_shared<const TrustFacts>(source_->facts())};
    const std::lock_guard lock(mutex_);
    std::swap(current_, fresh);
}

}  // namespace videochat::tls
