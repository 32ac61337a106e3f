// OwnCertificate: a leaf of our own CA for all that this machine is called, in the state folder or,
// without one, in memory. Whoever confirmed a browser's warning confirmed that leaf: it is kept as
// long as it serves. Used by one thread.
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tls/certificate_source.hpp"
#include "tls/file_stamp.hpp"
#include "tls/local_ca.hpp"
#include "tls/own_addresses.hpp"
#include "videochat/config.hpp"

namespace videochat::tls {

/// What is asked of the system; tests put in their own.
struct Surroundings {
    std::function<std::vector<OwnAddress>()> addresses = own_addresses;
    std::function<std::string()> host_name = system_host_name;
    std::function<Time()> now = std::chrono::system_clock::now;
};

class OwnCertificate final : public CertificateSource {
  public:
    /// Makes the CA if there is none. Throws std::runtime_error, one line that names the file or
    /// the --tls-name at fault. A folder that cannot be written costs a warning: then in memory.
    explicit OwnCertificate(TlsConfig config, Surroundings surroundings = {});

    bool look(Occasion occasion) override;
    const std::vector<Identity>& identities() const override { return identity_; }
    TrustFacts facts() const override;

  private:
    bool find_folder();
    void find_ca();
    std::optional<std::string> refused_name() const;
    void tell_about_ca() const;
    std::vector<FileStamp> stamps_now() const;
    void read_ca_again();
    LeafPlan plan_now();
    bool serves(const Identity& leaf, const LeafPlan& plan) const;
    bool is_old(const Identity& leaf) const;
    std::optional<Identity> stored_leaf(const LeafPlan& plan) const;
    bool settle_leaf(bool prefers_stored);
    void make_leaf(const LeafPlan& plan);

    const TlsConfig config_;
    const Surroundings surroundings_;
    std::optional<StateFolder> folder_;  // nullopt: in memory
    LocalCa ca_;
    std::vector<Identity> identity_;  // one
    std::vector<FileStamp> stamps_;   // of the files as they were read
    std::set<std::string> told_;      // what was left out
};

/// What a CA that is made now permits.
NamePolicy policy_of_today(const TlsConfig& config, const Surroundings& surroundings);

/// For `videochat-server ca --new`: a new CA in TlsConfig::state_dir in place of the one that is
/// there, and a leaf of it. Throws std::runtime_error.
LocalCa replace_ca(const TlsConfig& config, const Surroundings& surroundings = {});

}  // namespace videochat::tls
