using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Building;
using Harmonia.Protocol.Messages.Gc;
using Harmonia.Protocol.Messages.Handshake;
using Harmonia.Protocol.Messages.Queries;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Tests.Support;

/// <summary>
/// Writes the requests that neither add to a store (<see cref="AddingRequests"/>) nor come from our cache. The daemon only reads them.
/// </summary>
internal static class ClientRequests
{
    extension(BuildModeCodec)
    {
        public static void Write(WireWriter writer, BuildMode mode) => writer.WriteUInt64((uint)mode);
    }

    extension(BuildDerivationRequestCodec)
    {
        public static void Write(WireWriter writer, MessageContext context, BuildDerivationRequest request)
        {
            BuildDerivationRequestCodec.WriteWithoutMode(writer, context, request);
            BuildModeCodec.Write(writer, request.Mode);
        }
    }

    extension(BuildPathsRequestCodec)
    {
        public static void Write(WireWriter writer, MessageContext context, BuildPathsRequest request)
        {
            DerivedPathCodec.WriteList(writer, context, request.Paths);
            BuildModeCodec.Write(writer, request.Mode);
        }
    }

    extension(DerivedPathCodec)
    {
        public static void WriteList(WireWriter writer, MessageContext context, IReadOnlyList<DerivedPath> paths)
        {
            writer.WriteUInt64((ulong)paths.Count);
            foreach (DerivedPath path in paths)
                DerivedPathCodec.Write(writer, context, path);
        }
    }

    extension(AddPermRootRequestCodec)
    {
        public static void Write(WireWriter writer, MessageContext context, AddPermRootRequest request)
        {
            StorePathCodec.Write(writer, context, request.Path);
            writer.WriteBytes(request.Link.Span);
        }
    }

    extension(VerifyStoreRequestCodec)
    {
        public static void Write(WireWriter writer, VerifyStoreRequest request)
        {
            writer.WriteBool(request.CheckContents);
            writer.WriteBool(request.Repair);
        }
    }

    extension(ClientOptionsCodec)
    {
        public static void Write(WireWriter writer, ClientOptions options)
        {
            writer.WriteBool(options.KeepFailed);
            writer.WriteBool(options.KeepGoing);
            writer.WriteBool(options.TryFallback);
            writer.WriteUInt64((uint)options.Verbosity);
            writer.WriteUInt64(options.MaxBuildJobs);
            writer.WriteUInt64(options.MaxSilentTime);
            writer.WriteBool(options.UseBuildHook);
            writer.WriteUInt64((uint)options.BuildVerbosity);
            writer.WriteUInt64(options.LogType);
            writer.WriteUInt64(options.PrintBuildTrace);
            writer.WriteUInt64(options.BuildCores);
            writer.WriteBool(options.UseSubstitutes);
            writer.WriteUInt64((ulong)options.Overrides.Count);
            foreach ((string name, string value) in options.Overrides.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            {
                writer.WriteString(name);
                writer.WriteString(value);
            }
        }
    }

    extension(QueryValidPathsRequestCodec)
    {
        public static void Write(WireWriter writer, MessageContext context, QueryValidPathsRequest request)
        {
            StorePathCodec.WriteSet(writer, context, request.Paths);
            if (context.Version.IsAtLeast(27))
                writer.WriteBool(request.Substitute);
        }
    }

    extension(SubstitutablePathInfosRequestCodec)
    {
        public static void Write(WireWriter writer, MessageContext context, IReadOnlyDictionary<StorePath, ContentAddress?> paths)
        {
            writer.WriteUInt64((ulong)paths.Count);
            foreach ((StorePath path, ContentAddress? address) in paths.OrderBy(entry => entry.Key))
            {
                StorePathCodec.Write(writer, context, path);
                if (context.Version.IsAtLeast(22))
                    ContentAddressCodec.WriteOptional(writer, address);
            }
        }
    }
}
