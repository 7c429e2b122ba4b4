using Harmonia.Protocol.Messages;
using Harmonia.Protocol.Messages.Adding;
using Harmonia.Protocol.Store;
using Harmonia.Protocol.Wire;

namespace Harmonia.Tests.Support;

/// <summary>Writes the requests that add to a store. The daemon only reads them, and the cache never sends them.</summary>
internal static class AddingRequests
{
    extension(AddMultipleToStoreRequestCodec)
    {
        public static void Write(WireWriter writer, AddMultipleToStoreRequest request)
        {
            writer.WriteBool(request.Repair);
            writer.WriteBool(request.DontCheckSignatures);
        }
    }

    extension(AddSignaturesRequestCodec)
    {
        public static void Write(WireWriter writer, MessageContext context, AddSignaturesRequest request)
        {
            StorePathCodec.Write(writer, context, request.Path);
            StringSetCodec.Write(writer, request.Signatures);
        }
    }

    extension(AddTextToStoreRequestCodec)
    {
        public static void Write(WireWriter writer, MessageContext context, AddTextToStoreRequest request)
        {
            writer.WriteString(request.Name);
            writer.WriteBytes(request.Text.Span);
            StorePathCodec.WriteSet(writer, context, request.References);
        }
    }

    extension(AddToStoreNarRequestCodec)
    {
        public static void Write(WireWriter writer, MessageContext context, AddToStoreNarRequest request)
        {
            ValidPathInfoCodec.Write(writer, context, request.Info);
            writer.WriteBool(request.Repair);
            writer.WriteBool(request.DontCheckSignatures);
        }
    }

    extension(AddToStoreRequestCodec)
    {
        public static void Write(WireWriter writer, MessageContext context, AddToStoreRequest request)
        {
            writer.WriteString(request.Name);
            writer.WriteString(request.Method);
            StorePathCodec.WriteSet(writer, context, request.References);
            writer.WriteBool(request.Repair);
        }
    }

    extension(OldAddToStoreRequestCodec)
    {
        public static void Write(WireWriter writer, OldAddToStoreRequest request)
        {
            writer.WriteString(request.Name);
            writer.WriteBool(request.Fixed);
            writer.WriteBool(request.Recursive);
            writer.WriteString(request.HashAlgorithm);
        }
    }

    extension(ExportPathRequestCodec)
    {
        public static void Write(WireWriter writer, MessageContext context, ExportPathRequest request)
        {
            StorePathCodec.Write(writer, context, request.Path);
            writer.WriteBool(request.Sign);
        }
    }

    extension(BuildTraceEntryCodec)
    {
        public static void Write(WireWriter writer, MessageContext context, BuildTraceEntry entry)
        {
            BuildTraceKeyCodec.Write(writer, context, entry.Key);
            UnkeyedRealisationCodec.Write(writer, context, entry.Value);
        }
    }

    extension(RealisationCodec)
    {
        public static void Write(WireWriter writer, MessageContext context, Realisation realisation)
        {
            if (context.Version.IsAtLeast(31))
            {
                writer.WriteString(realisation.ToJson());
            }
            else
            {
                DrvOutputCodec.Write(writer, realisation.Id);
                StorePathCodec.WriteBaseName(writer, realisation.OutPath);
            }
        }
    }

    extension(StorePathCodec)
    {
        public static void WriteBaseName(WireWriter writer, StorePath path) => writer.WriteString(path.BaseName);
    }
}
