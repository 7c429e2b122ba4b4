using Harmonia.Cache.Catalog;
using Harmonia.Protocol.Store;
using Harmonia.Tests.Support;
using NUnit.Framework;

namespace Harmonia.Tests.Cache.Catalog;

public sealed class StoreFreshnessTests
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly StorePathHash Hash = FakeStore.Hash(1);
    private static readonly StorePathHash Other = FakeStore.Hash(2);

    private FakeTime _time = null!;
    private StoreFreshness _freshness = null!;

    [SetUp]
    public void Start()
    {
        _time = new FakeTime();
        _freshness = new StoreFreshness(MaxAge, _time);
    }

    [Test]
    public void Without_announcements_an_answer_holds_for_less_than_the_greatest_age()
    {
        AnswerStamp stamp = _freshness.Stamp(Hash);

        _time.Advance(MaxAge - Tick);
        Assert.That(_freshness.Holds(Hash, stamp), Is.True);

        _time.Advance(Tick);
        Assert.That(_freshness.Holds(Hash, stamp), Is.False);
    }

    [Test]
    public void An_answer_is_valid_until_a_change_is_announced()
    {
        AnswerStamp stamp = _freshness.Stamp(Hash);

        for (int i = 0; i < 1000; i++)
        {
            _time.Advance(MaxAge / 2);
            _freshness.CompleteUntil(_time.GetTimestamp());
        }

        Assert.That(_freshness.Holds(Hash, stamp), Is.True);
    }

    [Test]
    public void An_answer_holds_no_longer_than_the_greatest_age_after_the_announcements_end()
    {
        AnswerStamp stamp = _freshness.Stamp(Hash);
        _time.Advance(10 * MaxAge);
        _freshness.CompleteUntil(_time.GetTimestamp());

        _time.Advance(MaxAge - Tick);
        Assert.That(_freshness.Holds(Hash, stamp), Is.True);

        _time.Advance(Tick);
        Assert.That(_freshness.Holds(Hash, stamp), Is.False);
    }

    [Test]
    public void After_a_change_of_anything_nothing_asked_before_holds()
    {
        AnswerStamp before = _freshness.Stamp(Hash);

        _freshness.Changed(null);

        Assert.That(_freshness.Holds(Hash, before), Is.False);
        Assert.That(_freshness.Holds(Hash, _freshness.Stamp(Hash)), Is.True);
    }

    [Test]
    public void After_a_change_of_a_path_what_was_asked_of_others_holds()
    {
        AnswerStamp stamp = _freshness.Stamp(Hash);
        AnswerStamp other = _freshness.Stamp(Other);

        _freshness.Changed([Hash]);

        Assert.That(_freshness.Holds(Hash, stamp), Is.False);
        Assert.That(_freshness.Holds(Other, other), Is.True);
    }

    [Test]
    public void A_question_under_way_during_a_change_gets_an_answer_that_does_not_hold()
    {
        AnswerStamp asked = _freshness.Stamp(Hash);
        _freshness.Changed(null);
        _freshness.CompleteUntil(_time.GetTimestamp());

        Assert.That(_freshness.Holds(Hash, asked), Is.False);
    }

    [Test]
    public void With_no_age_nothing_holds()
    {
        StoreFreshness freshness = new(TimeSpan.Zero, _time);
        freshness.CompleteUntil(_time.GetTimestamp());

        Assert.That(freshness.Holds(Hash, freshness.Stamp(Hash)), Is.False);
    }
}
