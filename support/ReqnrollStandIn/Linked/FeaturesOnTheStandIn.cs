// The one C# file of the features assembly, compiled into it only where the stand-in takes Reqnroll's place.
[assembly: Xunit.TestFramework("Tidal.ReqnrollStandIn.Xunit.FeatureTestFramework", "Tidal.ReqnrollStandIn")]
