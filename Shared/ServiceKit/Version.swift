/// The version of this release, the same for all its executables.
public enum SheafVersion {
    public static let current = "0.1.0"
}
