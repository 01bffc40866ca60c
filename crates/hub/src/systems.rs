//! The outside systems this hub speaks to, by what they can do.

use std::sync::Arc;

use fettle_connectors::demo_cmms::SYSTEM as DEMO_CMMS;
use fettle_connectors::demo_erp::SYSTEM as DEMO_ERP;
use fettle_connectors::transport::HttpClientFault;
use fettle_connectors::{
    ConfirmLabour, DemoCmms, DemoErp, GoodsMovements, Http, HttpLimits, MaintenanceMasters,
    MaterialMasters, OrderCosts, OrderPlans, PriceList, Transport, WorkOrders,
};

/// A CMMS and an ERP.
#[derive(Clone)]
pub struct Systems {
    /// Name of the CMMS in external ids.
    pub cmms: &'static str,
    /// Its orders.
    pub orders: Arc<dyn WorkOrders>,
    /// The plans of its orders, when it takes changes of them.
    pub plans: Option<Arc<dyn OrderPlans>>,
    /// Its masters.
    pub maintenance: Arc<dyn MaintenanceMasters>,
    /// Name of the ERP in external ids.
    pub erp: &'static str,
    /// Its masters.
    pub material: Arc<dyn MaterialMasters>,
    /// Its prices.
    pub prices: Arc<dyn PriceList>,
    /// What it has posted to orders.
    pub costs: Arc<dyn OrderCosts>,
    /// Its goods movements.
    pub goods: Arc<dyn GoodsMovements>,
    /// Its labour confirmations.
    pub labour: Arc<dyn ConfirmLabour>,
}

impl Systems {
    /// The built-in demo systems over HTTP.
    ///
    /// # Errors
    /// [`HttpClientFault`] when the client cannot be built.
    pub fn demo(cmms: &str, erp: &str) -> Result<Self, HttpClientFault> {
        let limits = HttpLimits::default();
        Ok(Self::demo_over(
            Arc::new(Http::new(cmms, limits)?),
            Arc::new(Http::new(erp, limits)?),
        ))
    }

    /// The built-in demo systems over any transport.
    #[must_use]
    pub fn demo_over(cmms: Arc<dyn Transport>, erp: Arc<dyn Transport>) -> Self {
        let cmms = Arc::new(DemoCmms::new(cmms));
        let erp = Arc::new(DemoErp::new(erp));
        Self {
            cmms: DEMO_CMMS,
            orders: cmms.clone(),
            plans: Some(cmms.clone()),
            maintenance: cmms,
            erp: DEMO_ERP,
            material: erp.clone(),
            prices: erp.clone(),
            costs: erp.clone(),
            goods: erp.clone(),
            labour: erp,
        }
    }
}
