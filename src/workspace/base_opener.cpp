#include "workspace/base_codec.hpp"
#include "workspace/snapshot_codec.hpp"

namespace galena::workspace {

using namespace domain;

// A version out of the parts of a file.
struct BaseOpener {
  static Result<OpenedBase> open(Base::Bytes file, std::string_view derivation) {
    auto base = Base::open(std::move(file));
    if (!base) return tl::unexpected(base.error());
    OpenedBase opened{Version(std::make_shared<Indexes>())};
    Version& version = opened.version;
    ByteReader in((*base)->part(BasePart::head));
    opened.is_derived_alike = in.text() == derivation;
    if (in.number() != hash_of(IdentityKey{KeyKind::user, "galena"})) {
      return fail(ErrorCode::internal, "a snapshot whose keys are found by another hash");
    }
    if (auto head = SnapshotCodec::read_head(in, version); !head) {
      return tl::unexpected(head.error());
    }
    const Bounds bounds = SnapshotCodec::bounds_of(version);
    version.suppressions_ = SnapshotCodec::read_suppressions(in, bounds);
    version.event_count_ = in.number();
    for (std::uint64_t left = in.count(); left > 0 && !in.failed(); --left) {
      version.segment_sizes_.push_back(in.as<std::uint32_t>());
    }
    ByteReader properties((*base)->part(BasePart::properties));
    SnapshotCodec::read_properties(properties, version, bounds);
    if (in.failed() || !in.at_end() || properties.failed()) return SnapshotCodec::damaged();
    (*base)->set_bounds(bounds);
    version.sighting_count_ = (*base)->sighting_count();
    version.keeps_accounts_ = opened.is_derived_alike;
    if (opened.is_derived_alike && !read_accounts(**base, version)) return SnapshotCodec::damaged();
    version.base_ = std::move(*base);
    return opened;
  }

 private:
  static bool read_accounts(const Base& base, Version& version) {
    ByteReader in(base.part(BasePart::accounts));
    const auto count = static_cast<AccountOrdinal>(in.count());
    for (AccountOrdinal i = 0; i < count && !in.failed(); ++i) {
      AccountPtr account = read_account(in);
      const bool has_key = !account->key.text.empty();
      if (has_key) version.indexes_->accounts.insert(AccountKeyHash()(account->key), i);
      version.accounts_.set(i, std::move(account));
    }
    return !in.failed() && in.at_end();
  }
};

Result<OpenedBase> open_base(Base::Bytes file, std::string_view derivation) {
  return BaseOpener::open(std::move(file), derivation);
}

}  // namespace galena::workspace
