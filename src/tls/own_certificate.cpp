#include "tls/own_certificate.hpp"

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <utility>

#include "observe/log.hpp"
#include "protocol/quoted_text.hpp"
#include "tls/pem.hpp"

namespace videochat::tls {
namespace {

namespace log = observe::log;

void warn_of_memory(const std::string& reason) {
    log::warn("the CA lives in memory: devices have to trust another one after each start",
              {{"reason", reason}});
}

std::vector<std::string> names_of(const TlsConfig& config, const Surroundings& surroundings) {
    std::vector<std::string> names = own_names(surroundings.host_name());
    names.insert(names.end(), config.names.begin(), config.names.end());
    return names;
}

std::string fingerprint(const Certificate& certificate) {
    return sha256_fingerprint(certificate.get());
}

}  // namespace

NamePolicy policy_of_today(const TlsConfig& config, const Surroundings& surroundings) {
    if (config.ca_unconstrained) return {};
    std::vector<std::string> names = config.names;
    const std::string host = dns_host_name(surroundings.host_name());
    if (!host.empty()) names.insert(names.begin(), host);
    return home_policy(names);
}

OwnCertificate::OwnCertificate(TlsConfig config, Surroundings surroundings)
    : config_(std::move(config)), surroundings_(std::move(surroundings)) {
    std::optional<StateFolder::Lock> lock;
    if (find_folder()) lock = folder_->lock();
    find_ca();
    stamps_ = stamps_now();
    if (const auto name = refused_name()) {
        throw std::runtime_error("--tls-name " + protocol::quoted(*name) + ": the CA in " +
                                 protocol::quoted(config_.state_dir) +
                                 " does not permit it; leave it out, or make a CA for it by "
                                 "`videochat-server ca --new`, which all devices then have to "
                                 "trust");
    }
    tell_about_ca();
    settle_leaf(true);
}

// A folder that is of no use must not keep anybody from calling.
bool OwnCertificate::find_folder() {
    if (config_.state_dir.empty()) return false;
    try {
        folder_.emplace(config_.state_dir);
    } catch (const FileError& problem) {
        warn_of_memory(problem.what());
    }
    return folder_.has_value();
}

void OwnCertificate::find_ca() {
    const NamePolicy policy = policy_of_today(config_, surroundings_);
    const Time now = surroundings_.now();
    auto kept = folder_ ? load_ca(*folder_, policy, now) : std::nullopt;
    if (kept) {
        ca_ = *std::move(kept);
        return;
    }
    ca_ = make_local_ca(policy, now);
    if (!folder_) return;
    try {
        store_ca(*folder_, ca_);
        log::info("made a CA of our own", {{"folder", folder_->path()}});
    } catch (const FileError& problem) {
        warn_of_memory(problem.what());
        folder_.reset();
    }
}

std::optional<std::string> OwnCertificate::refused_name() const {
    const auto found = std::find_if(config_.names.begin(), config_.names.end(),
                                    [this](const auto& name) { return !ca_.policy.permits(name); });
    return found == config_.names.end() ? std::nullopt : std::optional(*found);
}

void OwnCertificate::tell_about_ca() const {
    constexpr std::chrono::hours kSoon{24 * 90};
    const bool is_constrained = ca_.policy.is_constrained();
    if (is_constrained == config_.ca_unconstrained) {
        log::warn(is_constrained ? "the CA that is there is constrained: --ca-unconstrained counts "
                                   "only for `videochat-server ca --new`"
                                 : "the CA that is there was made with --ca-unconstrained, and it "
                                   "stays so until `videochat-server ca --new`");
    }
    if (!is_constrained) {
        log::warn(
            "the CA may sign for any site: who gets its key can read all that the devices "
            "which trust it send");
    }
    const Time end = end_of(ca_.certificate.get());
    if (end - surroundings_.now() < kSoon) {
        log::warn("the CA ends soon: `videochat-server ca --new` makes another one",
                  {{"end", date_text(end)}});
    }
}

std::vector<FileStamp> OwnCertificate::stamps_now() const {
    if (!folder_) return {};
    return stamps_of({folder_->path_of(kCaCertificateFile), folder_->path_of(kCaKeyFile),
                      folder_->path_of(kLeafCertificateFile), folder_->path_of(kLeafKeyFile)});
}

bool OwnCertificate::look(Occasion occasion) {
    try {
        const bool has_new_files = stamps_now() != stamps_;
        if (occasion == Occasion::Tick && !has_new_files && !is_old(identity_.front())) {
            return false;
        }
        std::optional<StateFolder::Lock> lock;
        if (folder_) lock = folder_->lock();
        const bool reads_again = has_new_files || occasion == Occasion::Reload;
        stamps_ = stamps_now();  // what cannot be used is complained about once
        if (reads_again) read_ca_again();
        return settle_leaf(reads_again);
    } catch (const std::exception& problem) {
        log::error("the certificate stays as it is", {{"reason", problem.what()}});
        return false;
    }
}

// Somebody has run `ca --new`, or restored a backup.
void OwnCertificate::read_ca_again() {
    if (!folder_) return;
    auto found = load_ca(*folder_, ca_.policy, surroundings_.now());
    if (!found) {
        log::warn("the CA is gone from its folder; the server goes on with the one it knows",
                  {{"folder", folder_->path()}});
        return;
    }
    if (fingerprint(found->certificate) == fingerprint(ca_.certificate)) return;
    ca_ = *std::move(found);
    log::info("another CA: devices have to trust it", {{"sha256", fingerprint(ca_.certificate)}});
    tell_about_ca();
}

LeafPlan OwnCertificate::plan_now() {
    LeafPlan plan =
        plan_leaf(ca_.policy, surroundings_.addresses(), names_of(config_, surroundings_));
    for (const auto& name : plan.left_out) {
        if (!told_.insert(name).second) continue;
        log::info("not in the certificate: the CA does not permit it", {{"name", name}});
    }
    return plan;
}

bool OwnCertificate::is_old(const Identity& leaf) const {
    constexpr int kThird = 3;
    const Time end = end_of(leaf.leaf.get());
    return end - surroundings_.now() <= (end - begin_of(leaf.leaf.get())) / kThird;
}

bool OwnCertificate::serves(const Identity& leaf, const LeafPlan& plan) const {
    return !is_old(leaf) && covers(alternative_names(leaf.leaf.get()), plan.needed) &&
           verify_server(leaf.leaf.get(), ca_.certificate.get()).empty();
}

std::optional<Identity> OwnCertificate::stored_leaf(const LeafPlan& plan) const {
    if (!folder_) return std::nullopt;
    auto stored = load_leaf(*folder_, ca_);
    if (auto* const leaf = std::get_if<Identity>(&stored)) {
        return serves(*leaf, plan) ? std::optional(std::move(*leaf)) : std::nullopt;
    }
    const auto& reason = std::get<std::string>(stored);
    if (!reason.empty()) log::warn("the stored certificate is of no use", {{"reason", reason}});
    return std::nullopt;
}

// Servers that share a folder come to share a leaf: what another one has stored is taken if it
// serves here, and nobody stores one while the own serves.
bool OwnCertificate::settle_leaf(bool prefers_stored) {
    const LeafPlan plan = plan_now();
    const bool is_fine = !identity_.empty() && serves(identity_.front(), plan);
    if (is_fine && !prefers_stored) return false;
    auto stored = stored_leaf(plan);
    if (!stored && is_fine) return false;
    if (!stored) {
        make_leaf(plan);
        return true;
    }
    const bool is_another =
        identity_.empty() || fingerprint(stored->leaf) != fingerprint(identity_.front().leaf);
    identity_.clear();
    identity_.push_back(*std::move(stored));
    return is_another;
}

void OwnCertificate::make_leaf(const LeafPlan& plan) {
    Identity leaf = issue_leaf(ca_, plan.wanted, surroundings_.now());
    identity_.clear();
    identity_.push_back(std::move(leaf));
    log::info("made a certificate", {{"sha256", fingerprint(identity_.front().leaf)}});
    if (!folder_) return;
    try {
        store_leaf(*folder_, identity_.front());
    } catch (const FileError& problem) {
        log::warn("the certificate lives in memory: another one follows at the next start",
                  {{"reason", problem.what()}});
    }
    stamps_ = stamps_now();
}

TrustFacts OwnCertificate::facts() const {
    const Certificate& leaf = identity_.front().leaf;
    return {.leaf_sha256 = fingerprint(leaf),
            .names = alternative_names(leaf.get()).to_strings(),
            .ca_sha256 = fingerprint(ca_.certificate),
            .ca_der = to_der(ca_.certificate.get())};
}

LocalCa replace_ca(const TlsConfig& config, const Surroundings& surroundings) {
    const StateFolder folder(config.state_dir);
    const auto lock = folder.lock();
    LocalCa ca = make_local_ca(policy_of_today(config, surroundings), surroundings.now());
    const LeafPlan plan =
        plan_leaf(ca.policy, surroundings.addresses(), names_of(config, surroundings));
    const Identity leaf = issue_leaf(ca, plan.wanted, surroundings.now());
    retire_ca(folder);
    store_ca(folder, ca);
    store_leaf(folder, leaf);
    return ca;
}

}  // namespace videochat::tls
