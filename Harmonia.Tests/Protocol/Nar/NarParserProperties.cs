using FsCheck;
using FsCheck.NUnit;
using Harmonia.Protocol.Nar;

namespace Harmonia.Tests.Protocol.Nar;

/// <summary>Properties for arbitrary bytes. NARs are made from seeds, so two numbers reproduce a failure.</summary>
public sealed class NarParserProperties
{
    [Property(MaxTest = 500)]
    public void Arbitrary_bytes_give_nothing_but_a_format_exception(byte[] bytes) => Outcome(bytes, [bytes.Length]);

    [Property(MaxTest = 500)]
    public void Arbitrary_bytes_within_a_NAR_give_nothing_but_a_format_exception(byte[] bytes) =>
        Outcome(NarBytes.Concat("nix-archive-1", "(", "type", "directory", "entry", "(", bytes), [100]);

    [Property(MaxTest = 2000)]
    public void Mutated_NAR_gives_nothing_but_a_format_exception(int seed)
    {
        Random random = new(seed);
        Outcome(Mutated(RandomNar(random), random), [int.MaxValue]);
    }

    [Property(MaxTest = 500)]
    public bool Any_split_gives_the_same_events(int seed, PositiveInt[] pieces)
    {
        byte[] nar = RandomNar(new Random(seed));
        return Outcome(nar, [.. pieces.Select(piece => piece.Get), 1]) == Outcome(nar, [int.MaxValue])
            && Outcome(nar, [int.MaxValue]).EndsWith("\ncomplete", StringComparison.Ordinal);
    }

    [Property(MaxTest = 1000)]
    public bool Any_split_of_a_mutated_NAR_gives_the_same_events_and_the_same_refusal(int seed, PositiveInt[] pieces)
    {
        Random random = new(seed);
        byte[] nar = Mutated(RandomNar(random), random);
        return Outcome(nar, [.. pieces.Select(piece => piece.Get), 1]) == Outcome(nar, [int.MaxValue]);
    }

    /// <summary>What the visitor was told and how it ended, with pieces of these lengths again and again.</summary>
    private static string Outcome(byte[] input, int[] pieceLengths)
    {
        RecordingVisitor visitor = new();
        NarParser parser = new(visitor);
        try
        {
            int position = 0;
            for (int piece = 0; position < input.Length && !parser.IsComplete; piece++)
            {
                int length = Math.Min(pieceLengths[piece % pieceLengths.Length], input.Length - position);
                position += parser.Consume(input.AsSpan(position, length));
            }

            return string.Join('\n', [.. visitor.Events, parser.IsComplete ? "complete" : "incomplete"]);
        }
        catch (NarFormatException exception)
        {
            return string.Join('\n', [.. visitor.Events, exception.Message]);
        }
    }

    private static byte[] RandomNar(Random random) => NarBytes.Archive(RandomNode(random, depth: 0));

    private static byte[] RandomNode(Random random, int depth) => random.Next(depth < 4 ? 5 : 3) switch
    {
        0 => NarBytes.File(RandomBytes(random, 0, random.Next(40))),
        1 => NarBytes.Executable(new string('x', random.Next(20))),
        2 => NarBytes.Symlink(new string('t', random.Next(1, 20))),
        _ => NarBytes.Directory([.. Enumerable.Range(0, random.Next(5)).Select(i => RandomEntry(random, i, depth))]),
    };

    private static byte[] RandomEntry(Random random, int index, int depth) =>
        NarBytes.Entry([(byte)((index * 50) + 1), .. RandomBytes(random, 'a', random.Next(10))], RandomNode(random, depth + 1));

    private static byte[] RandomBytes(Random random, int least, int length) =>
        [.. Enumerable.Range(0, length).Select(_ => (byte)random.Next(least, 256))];

    private static byte[] Mutated(byte[] nar, Random random)
    {
        List<byte> bytes = new(nar);
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            int place = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[place] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[place] ^= (byte)(1 << random.Next(8));
                    break;
                case 2:
                    bytes.Insert(place, (byte)random.Next(256));
                    break;
                default:
                    bytes.RemoveRange(place, Math.Min(random.Next(1, 17), bytes.Count - place));
                    break;
            }

            if (bytes.Count == 0)
                break;
        }

        return [.. bytes];
    }
}
