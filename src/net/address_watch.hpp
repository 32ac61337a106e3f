// AddressWatch: a descriptor that tells when addresses of this machine come or go, or an interface
// starts or ends (rtnetlink(7)). Owned and used by one thread.
#pragma once

#include "net/unique_fd.hpp"

namespace videochat::net {

class AddressWatch {
  public:
    /// Without one from the system (a sandbox) fd() is -1: then ask again now and then.
    AddressWatch();

    /// Readable when something has changed since the last drain().
    int fd() const { return socket_.get(); }
    /// Forgets what has come. What has changed is not told: ask the system for all of it.
    void drain() const;

  private:
    UniqueFd socket_;
};

}  // namespace videochat::net
