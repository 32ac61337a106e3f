// TrustStores: where programs of this machine look up whom to trust: the system's store of Debian,
// and the NSS databases of Chromium and Firefox of one user, which are changed as that user. Used
// by `videochat-server trust`; runs other programs, and blocks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/run_program.hpp"

namespace videochat::app {

/// Where the stores are.
struct TrustPlaces {
    std::string home;           ///< whose browsers; empty: none
    std::optional<User> user;   ///< to become for them; nullopt: we are that one
    std::string system_folder;  ///< of the system's additional certificates; empty: not ours
    std::vector<std::string> update_system;  ///< update-ca-certificates; empty: not installed
    std::string certutil;                    ///< the program; empty: it is not installed
};

/// A CA as it is given to the stores.
struct TrustedCa {
    std::string name;  ///< "videochat-server CA 3F2A90C1": also its name in the databases
    std::string pem;

    /// "3f2a90c1".
    std::string id() const;
};

/// What was done, for people.
struct TrustReport {
    std::vector<std::string> lines;
    bool is_complete = true;  ///< false: a line says what is missing
};

/// Puts it in wherever it can; a second time is no harm.
TrustReport install_trust(const TrustPlaces& places, const TrustedCa& ca);

/// Takes it out wherever it is.
TrustReport remove_trust(const TrustPlaces& places, const TrustedCa& ca);

/// The databases that there are in that home: of Chromium, and of each profile of Firefox,
/// installed by package, snap or flatpak.
std::vector<std::string> nss_databases(const std::string& home);

}  // namespace videochat::app
