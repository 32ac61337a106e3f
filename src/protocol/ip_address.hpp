// IP addresses as values: text to bytes and back, networks (CIDR, RFC 4632 and 4291), the key by
// which limits count an address, and the client behind trusted proxies. Pure; any thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace videochat::protocol {

/// What limits count: an IPv4 address, or an IPv6 /64 because that is what one household gets.
/// Trivially copyable; usable as a key of unordered containers.
struct AddressKey {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    bool operator==(const AddressKey&) const = default;
};

/// One IPv4 or IPv6 address. IPv4 is kept in its mapped form (::ffff:a.b.c.d), so an IPv4 peer of a
/// dual-stack socket and the same peer written as IPv4 are equal.
class IpAddress {
  public:
    /// The unspecified IPv6 address, `::`.
    constexpr IpAddress() = default;
    /// Bytes in network order, as in sockaddr_in and sockaddr_in6.
    static IpAddress from_v4(std::span<const std::uint8_t, 4> bytes);
    static IpAddress from_v6(std::span<const std::uint8_t, 16> bytes);
    /// An address literal without brackets, zone or port; nullopt: anything else.
    static std::optional<IpAddress> parse(std::string_view text);

    bool is_v4() const;
    bool is_unspecified() const;  ///< 0.0.0.0 or ::
    bool is_loopback() const;     ///< 127.0.0.0/8 or ::1
    bool is_private() const;      ///< RFC 1918, 100.64.0.0/10 (RFC 6598), fc00::/7 (RFC 4193)
    bool is_link_local() const;   ///< 169.254.0.0/16 or fe80::/10

    AddressKey key() const;
    /// `192.0.2.1` or `2001:db8::1`, as RFC 5952 wants it.
    std::string to_string() const;
    /// As to_string(), IPv6 in brackets: what stands before the port in a URL.
    std::string to_url_host() const;

    const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
    bool operator==(const IpAddress&) const = default;

  private:
    std::array<std::uint8_t, 16> bytes_{};
};

/// A network such as 10.0.0.0/8, 2001:db8::/32, or a single address.
class Cidr {
  public:
    /// nullopt: not an address, or a prefix length that its family does not have. Bits behind the
    /// prefix are ignored (10.1.2.3/8 is 10.0.0.0/8).
    static std::optional<Cidr> parse(std::string_view text);
    /// Families do not mix: ::/0 holds no IPv4 address.
    bool contains(const IpAddress& address) const;

  private:
    IpAddress network_;
    unsigned prefix_ = 0;  // of 128 bits
};

/// The client's address: `peer` unless that is a trusted proxy; then the rightmost address of
/// X-Forwarded-For (several fields joined by commas) that is not one. An element that is not an
/// address, with or without port, means that the list cannot be believed: `peer` itself.
IpAddress client_address(const IpAddress& peer, std::string_view forwarded_for,
                         std::span<const Cidr> trusted);

}  // namespace videochat::protocol

template <>
struct std::hash<videochat::protocol::AddressKey> {
    std::size_t operator()(const videochat::protocol::AddressKey& key) const noexcept;
};
