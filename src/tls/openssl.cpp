#include "tls/openssl.hpp"

#include <openssl/err.h>

namespace videochat::tls {

std::string take_error() {
    const unsigned long code = ::ERR_peek_last_error();
    ::ERR_clear_error();
    const char* const reason = code == 0 ? nullptr : ::ERR_reason_error_string(code);
    return reason == nullptr ? std::string{} : std::string(reason);
}

}  // namespace videochat::tls
