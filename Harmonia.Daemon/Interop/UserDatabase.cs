using System.Globalization;
using System.Runtime.InteropServices;
using Harmonia.Protocol.Interop;

namespace Harmonia.Daemon.Interop;

/// <summary>Looks up users and groups in the system's databases. An ID without a name stands for itself.</summary>
internal static unsafe class UserDatabase
{
    private const int OutOfRange = 34;
    private const int InitialBufferSize = 4 << 10;
    private const int MaxBufferSize = 16 << 20;

    // struct passwd and struct group of 64-bit glibc and musl: the name comes first; gr_mem follows two pointers and a padded number.
    private const int StructureWords = 8;
    private const int MembersWord = 3;

    // The last one before the one that means none. No database has it, so all are asked.
    private const uint UnknownId = uint.MaxValue - 1;

    private delegate int Query(nint* structure, byte* buffer, nint size, nint** result);

    private delegate string? Reader(nint* structure);

    /// <summary>
    /// Loads the modules that /etc/nsswitch.conf names. glibc loads a module when a lookup comes to it; if it can't then, for want of a
    /// file descriptor, the users of its database stay unknown for as long as the process runs.
    /// </summary>
    public static void LoadModules()
    {
        _ = UserName(UnknownId);
        _ = GroupName(UnknownId);
    }

    public static string UserName(uint id) =>
        Find((structure, buffer, size, result) => Libc.GetUser(id, structure, buffer, size, result), FirstText) ?? Print(id);

    public static string GroupName(uint id) =>
        Find((structure, buffer, size, result) => Libc.GetGroup(id, structure, buffer, size, result), FirstText) ?? Print(id);

    /// <summary>Whether the group lists the user as a member. Users whose primary group it is are not listed.</summary>
    public static bool IsMember(string group, string user)
    {
        byte[] name = NativePath.Of(group);
        return Find(
            (structure, buffer, size, result) =>
            {
                fixed (byte* text = name)
                {
                    return Libc.GetGroup(text, structure, buffer, size, result);
                }
            },
            structure => Members((nint*)structure[MembersWord]).Contains(user) ? user : null) is not null;
    }

    private static string Print(uint id) => id.ToString(CultureInfo.InvariantCulture);

    private static string? FirstText(nint* structure) => Marshal.PtrToStringUTF8(structure[0]);

    private static HashSet<string> Members(nint* names)
    {
        HashSet<string> members = [];
        for (; *names != 0; names++)
        {
            members.Add(Marshal.PtrToStringUTF8(*names)!);
        }

        return members;
    }

    private static string? Find(Query query, Reader read)
    {
        nint* structure = stackalloc nint[StructureWords];
        for (int size = InitialBufferSize; size <= MaxBufferSize; size *= 2)
        {
            fixed (byte* buffer = new byte[size])
            {
                nint* result = null;
                int error = query(structure, buffer, size, &result);
                if (error != OutOfRange)
                {
                    return error == 0 && result is not null ? read(structure) : null;
                }
            }
        }

        return null;
    }
}
