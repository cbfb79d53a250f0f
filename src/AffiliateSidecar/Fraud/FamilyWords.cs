using AffiliateSidecar.Templates;

namespace AffiliateSidecar.Fraud;

static class FamilyWords
{
    extension(Language language)
    {
        /// <summary>What signals of a family look at, in the words of <c>evidence.families</c>; a plugin's family may have none there.</summary>
        public string Family(string family) => language.Texts.TryGetValue($"evidence.families.{family}", out var words) ? words : language.Texts["evidence.families.other"];
    }
}
