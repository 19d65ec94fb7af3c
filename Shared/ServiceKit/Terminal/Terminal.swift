import FoundationEssentials
import Glibc

/// The process's standard streams, without buffers of their own.
public enum Terminal {
    public enum Stream: Int32, Sendable {
        case standardOutput = 1
        case standardError = 2
    }

    /// Whether a person reads the stream.
    public static func isInteractive(_ stream: Stream) -> Bool {
        isatty(stream.rawValue) == 1
    }

    /// Width of the terminal behind standard error or output in columns; 80 where there is none.
    public static var columns: Int {
        for stream in [Stream.standardError, .standardOutput] {
            var size = winsize()
            if ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 { return Int(size.ws_col) }
        }
        return 80
    }

    /// Writes all of `text`; what a closed stream does not take is dropped.
    public static func write(_ text: String, to stream: Stream) {
        var text = text
        text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count, let start = bytes.baseAddress {
                // The buffer outlives the call, and write reads at most what is left of it after `done`.
                let written = Glibc.write(stream.rawValue, start + done, bytes.count - done)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { return }
                done += written
            }
        }
    }
}

/// The variables of this process.
public enum ProcessEnvironment {
    public static var variables: [String: String] {
        ProcessInfo.processInfo.environment
    }
}
