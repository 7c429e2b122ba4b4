using Harmonia.Protocol.Messages;
using Harmonia.Tests.Support;

namespace Harmonia.Tests.Protocol.Messages.Stderr;

/// <summary>One stderr message of each kind, written by hand; the error is the last one.</summary>
public static class StderrSamples
{
    public static byte[] All(ProtocolVersion version)
    {
        WireBytes bytes = new WireBytes()
            .U64(0x6f6c6d67).Text("line\n")
            .U64(0x64617461, 4096)
            .U64(0x64617416).Text("data")
            .U64(0x616c7473);
        if (version.Minor >= 20)
        {
            bytes
                .U64(0x53545254, 7, 3, 105).Text("building").U64(2, 1).Text("drv").U64(0, 5, 1)
                .U64(0x52534c54, 7, 101, 1, 1).Text("output")
                .U64(0x53544f50, 7);
        }

        bytes.U64(0x63787470);
        return (version.Minor >= 26
            ? bytes.Text("Error").U64(0).Text("Error", "it failed").U64(0, 2, 0).Text("while this").U64(0).Text("while that")
            : bytes.Text("it failed").U64(100)).ToArray();
    }
}
