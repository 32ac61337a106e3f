// See apple_profile.hpp.
#include "app/apple_profile.hpp"

#include "protocol/base64.hpp"

namespace videochat::app {
namespace {

constexpr std::string_view kOpening = R"(<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
)";

/// The digits alone.
std::string hexadecimal(std::string_view fingerprint) {
    std::string digits;
    for (const char c : fingerprint) {
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F')) digits += c;
    }
    return digits;
}

/// 32 digits of a fingerprint as a UUID of version 8 (RFC 9562 section 5.8), whose bits are free.
std::string uuid(std::string digits) {
    digits.resize(32, '0');
    digits[12] = '8';
    digits[16] = "89AB"[static_cast<unsigned char>(digits[16]) % 4];
    for (const std::size_t dash : {20U, 16U, 12U, 8U})
        digits.insert(dash, "-");
    return digits;
}

std::string entry(std::string_view key, std::string_view text) {
    return std::string("<key>")
        .append(key)
        .append("</key><string>")
        .append(text)
        .append("</string>\n");
}

std::string payload(std::string_view type, const std::string& identifier, const std::string& uuid) {
    return entry("PayloadType", type) + entry("PayloadIdentifier", identifier) +
           entry("PayloadUUID", uuid) + "<key>PayloadVersion</key><integer>1</integer>\n";
}

}  // namespace

std::string apple_profile(std::string_view der, std::string_view sha256) {
    const std::string digits = hexadecimal(sha256);
    const std::string identifier = "videochat-server.ca." + digits.substr(0, 16);
    const std::string title =
        "videochat-server " + std::string(sha256.substr(0, sha256.find(':', 9)));
    return std::string(kOpening) + payload("Configuration", identifier, uuid(digits)) +
           entry("PayloadDisplayName", title) +
           entry("PayloadDescription",
                 "Lets this device trust the https pages of one videochat-server. SHA-256 of the "
                 "certificate: " +
                     std::string(sha256)) +
           "<key>PayloadRemovalDisallowed</key><false/>\n<key>PayloadContent</key><array><dict>\n" +
           payload("com.apple.security.root", identifier + ".certificate",
                   uuid(digits.substr(digits.size() / 2))) +
           entry("PayloadDisplayName", title) +
           entry("PayloadCertificateFileName", "videochat-ca.crt") +
           "<key>PayloadContent</key><data>" + protocol::base64_encode(der) +
           "</data>\n</dict></array>\n</dict></plist>\n";
}

}  // namespace videochat::app
